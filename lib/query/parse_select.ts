import type { Expression, FromItem, Select, SelectItem, Star } from "./ast.ts";
import { is, type Token, tokenize } from "./sql/tokens.ts";

/** Why the vectorised executor leaves a query to SQLite. */
export class NotCovered extends Error {}

/** What ends an expression, besides marks. */
const STOPS = new Set(
  ("FROM WHERE GROUP HAVING ORDER LIMIT OFFSET UNION INTERSECT EXCEPT WINDOW AS ASC DESC NULLS ON USING JOIN INNER LEFT " +
    "RIGHT FULL CROSS NATURAL OUTER THEN ELSE WHEN END AND OR").split(" "),
);

/** Binary operators, loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["<", "<=", ">", ">="],
  ["&", "|", "<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
  ["||", "->", "->>"],
];

/**
 * Takes a SELECT of SQLite's dialect apart. Throws {@linkcode NotCovered} at what only SQLite runs (compound queries,
 * subqueries, windows, …) and at what is no SELECT at all: SQLite then says what is wrong with it.
 */
export function parseSelect(sql: string): Select {
  return new Parser(sql).select();
}

/** Operators of a query, and parentheses in parentheses: what is deeper would not fit on a stack. */
const MOST_OPERATORS = 1000;
const MOST_NESTED = 200;

function checkDepth(tokens: readonly Token[]): void {
  let operators = 0;
  let nested = 0;
  for (const { kind, raw } of tokens) {
    if (raw === "(") nested++;
    else if (raw === ")") nested--;
    else if (kind === "mark" ? !/^[,.]$/.test(raw) : kind === "name" && /^(AND|OR|NOT|CASE)$/i.test(raw)) operators++;
    if (operators > MOST_OPERATORS || nested > MOST_NESTED) throw new NotCovered("so large an expression");
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(readonly sql: string) {
    const tokens = tokenize(sql);
    while (is(tokens.at(-1), ";")) tokens.pop();
    checkDepth(tokens);
    this.#tokens = tokens;
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(...words: readonly string[]): boolean {
    if (!words.every((word, at) => is(this.#tokens[this.#at + at], word))) return false;
    this.#at += words.length;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw new NotCovered(`no ${word} at ${this.#token?.raw ?? "the end"}`);
  }

  #next(): Token {
    const token = this.#token;
    if (token === undefined) throw new NotCovered("the query ends early");
    this.#at++;
    return token;
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== "name" && token.kind !== "quoted") throw new NotCovered(`"${token.raw}" as a name`);
    return token.value;
  }

  select(): Select {
    if (!this.#take("SELECT")) throw new NotCovered(`a query that begins with ${this.#token?.raw}`);
    const distinct = this.#take("DISTINCT");
    this.#take("ALL");
    const items = this.#items();
    const from = this.#token?.start ?? this.sql.length;
    const tables = this.#from();
    const where = this.#take("WHERE") ? this.#expression() : undefined;
    const tail = this.#token?.start ?? this.sql.length;
    const groupBy = this.#take("GROUP", "BY") ? this.#list() : [];
    const having = this.#take("HAVING") ? this.#expression() : undefined;
    const orderBy = this.#take("ORDER", "BY") ? this.#order() : [];
    let limit: Expression | undefined;
    let offset: Expression | undefined;
    if (this.#take("LIMIT")) {
      limit = this.#expression();
      if (this.#take(",")) [offset, limit] = [limit, this.#expression()];
      else if (this.#take("OFFSET")) offset = this.#expression();
    }
    if (this.#token !== undefined) throw new NotCovered(`${this.#token.raw.toUpperCase()} after a SELECT`);
    const spans = { from, tail };
    return { distinct, items, from: tables, where, groupBy, having, orderBy, limit, offset, spans };
  }

  #items(): (SelectItem | Star)[] {
    const items: (SelectItem | Star)[] = [];
    do {
      if (this.#take("*")) {
        items.push({ star: true, table: undefined });
        continue;
      }
      if (is(this.#tokens[this.#at + 1], ".") && is(this.#tokens[this.#at + 2], "*")) {
        items.push({ star: true, table: this.#name().toLowerCase() });
        this.#at += 2;
        continue;
      }
      const expression = this.#expression();
      let alias: string | undefined;
      const token = this.#token;
      if (this.#take("AS")) alias = this.#next().value;
      else if (token !== undefined && !STOPS.has(token.raw.toUpperCase()) && ["name", "quoted"].includes(token.kind)) {
        alias = this.#name();
      }
      items.push({ expression, alias, start: expression.start, end: expression.end });
    } while (this.#take(","));
    return items;
  }

  #from(): FromItem[] {
    if (!this.#take("FROM")) throw new NotCovered("a query without FROM");
    const tables = [this.#table("first")];
    while (true) {
      if (this.#take("JOIN") || this.#take("INNER", "JOIN")) tables.push(this.#table("inner"));
      else if (this.#take("LEFT", "JOIN") || this.#take("LEFT", "OUTER", "JOIN")) tables.push(this.#table("left"));
      else return tables;
    }
  }

  #table(join: FromItem["join"]): FromItem {
    if (is(this.#token, "(")) throw new NotCovered("a subquery");
    const table = this.#name().toLowerCase();
    let alias = table;
    const token = this.#token;
    if (this.#take("AS")) alias = this.#name();
    else if (token !== undefined && !STOPS.has(token.raw.toUpperCase()) && ["name", "quoted"].includes(token.kind)) {
      alias = this.#name();
    }
    let using: string[] | undefined;
    let on: Expression | undefined;
    if (this.#take("USING")) {
      this.#expect("(");
      using = [];
      do using.push(this.#name().toLowerCase()); while (this.#take(","));
      this.#expect(")");
    } else if (this.#take("ON")) on = this.#expression();
    return { table, alias: alias.toLowerCase(), join, using, on };
  }

  #list(): Expression[] {
    const list = [this.#expression()];
    while (this.#take(",")) list.push(this.#expression());
    return list;
  }

  #order(): Select["orderBy"][number][] {
    const order: Select["orderBy"][number][] = [];
    do {
      const expression = this.#expression();
      const descending = this.#take("DESC");
      if (!descending) this.#take("ASC");
      const nullsLast = this.#take("NULLS", "LAST") ? true : this.#take("NULLS", "FIRST") ? false : undefined;
      order.push({ expression, descending, nullsLast });
    } while (this.#take(","));
    return order;
  }

  #expression(): Expression {
    let left = this.#and();
    while (this.#take("OR")) left = this.#binary("OR", left, this.#and());
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take("AND")) left = this.#binary("AND", left, this.#not());
    return left;
  }

  #binary(op: string, left: Expression, right: Expression): Expression {
    return { kind: "binary", op, left, right, start: left.start, end: right.end };
  }

  #not(): Expression {
    const token = this.#token;
    if (!this.#take("NOT")) return this.#equality();
    if (is(this.#token, "EXISTS")) throw new NotCovered("a subquery");
    const operand = this.#not();
    return { kind: "unary", op: "NOT", operand, start: token!.start, end: operand.end };
  }

  #equality(): Expression {
    let left = this.#level(0);
    while (true) {
      const op = this.#token?.raw.toUpperCase();
      if (this.#take("=") || this.#take("==")) left = this.#binary("=", left, this.#level(0));
      else if (this.#take("!=") || this.#take("<>")) left = this.#binary("<>", left, this.#level(0));
      else if (op === "IS") left = this.#is(left);
      else if (this.#take("ISNULL")) left = { kind: "isNull", operand: left, not: false, ...this.#span(left) };
      else if (this.#take("NOTNULL")) left = { kind: "isNull", operand: left, not: true, ...this.#span(left) };
      else if (["NOT", "IN", "BETWEEN", "LIKE", "GLOB", "REGEXP", "MATCH"].includes(op ?? "")) left = this.#test(left);
      else return left;
    }
  }

  /** From the start of an expression to the token that was taken last. */
  #span(first: Expression): { start: number; end: number } {
    return { start: first.start, end: this.#tokens[this.#at - 1].end };
  }

  #is(left: Expression): Expression {
    this.#expect("IS");
    const not = this.#take("NOT");
    if (this.#take("NULL")) return { kind: "isNull", operand: left, not, ...this.#span(left) };
    if (is(this.#token, "DISTINCT") || /^(TRUE|FALSE)$/i.test(this.#token?.raw ?? "")) throw new NotCovered("this IS");
    return this.#binary(not ? "IS NOT" : "IS", left, this.#level(0));
  }

  #test(left: Expression): Expression {
    const not = this.#take("NOT");
    if (not && this.#take("NULL")) return { kind: "isNull", operand: left, not: true, ...this.#span(left) };
    if (this.#take("BETWEEN")) {
      const low = this.#level(0);
      this.#expect("AND");
      const high = this.#level(0);
      return { kind: "between", operand: left, low, high, not, ...this.#span(left) };
    }
    if (this.#take("IN")) {
      this.#expect("(");
      if (is(this.#token, "SELECT") || is(this.#token, "WITH")) throw new NotCovered("a subquery");
      const items = is(this.#token, ")") ? [] : this.#list();
      this.#expect(")");
      return { kind: "in", operand: left, items, not, ...this.#span(left) };
    }
    const op = this.#next().raw.toUpperCase();
    if (op !== "LIKE" && op !== "GLOB") throw new NotCovered(`the operator ${op}`);
    const right = this.#level(0);
    if (is(this.#token, "ESCAPE")) throw new NotCovered("ESCAPE");
    return { kind: "like", op, left, right, not, ...this.#span(left) };
  }

  #level(level: number): Expression {
    if (level === LEVELS.length) return this.#collated();
    let left = this.#level(level + 1);
    while (true) {
      const op = LEVELS[level].find((word) => is(this.#token, word));
      if (op === undefined) return left;
      this.#at++;
      left = this.#binary(op, left, this.#level(level + 1));
    }
  }

  #collated(): Expression {
    const expression = this.#unary();
    if (is(this.#token, "COLLATE")) throw new NotCovered("COLLATE");
    return expression;
  }

  #unary(): Expression {
    const token = this.#token;
    const op = ["-", "+", "~"].find((word) => is(token, word));
    if (op === undefined) return this.#primary();
    this.#at++;
    const operand = this.#unary();
    return { kind: "unary", op, operand, start: token!.start, end: operand.end };
  }

  #primary(): Expression {
    const token = this.#next();
    const { start, end } = token;
    switch (token.kind) {
      case "number":
        return { kind: "number", value: numberOf(token.raw), isInteger: /^\d+$/.test(token.raw), start, end };
      case "text":
        if (/^x/i.test(token.raw)) throw new NotCovered("a blob");
        return { kind: "text", value: token.value, start, end };
      case "parameter":
        return { kind: "parameter", name: token.raw.slice(1), start, end };
      case "mark": {
        if (token.raw !== "(") throw new NotCovered(`"${token.raw}" here`);
        if (is(this.#token, "SELECT") || is(this.#token, "WITH")) throw new NotCovered("a subquery");
        const inner = this.#expression();
        if (is(this.#token, ",")) throw new NotCovered("a row value");
        this.#expect(")");
        return { ...inner, start, end: this.#tokens[this.#at - 1].end };
      }
    }
    if (token.kind === "name") {
      const word = token.raw.toUpperCase();
      if (word === "NULL") return { kind: "null", start, end };
      if (word === "CAST") return this.#cast(start);
      if (word === "CASE") return this.#case(start);
      if (word === "TRUE" || word === "FALSE") {
        return { kind: "number", value: word === "TRUE" ? 1 : 0, isInteger: true, start, end };
      }
      if (word === "EXISTS" || word.startsWith("CURRENT_") || STOPS.has(word)) throw new NotCovered(`${word} here`);
      if (is(this.#token, "(")) return this.#call(token.value.toLowerCase(), start);
    }
    if (is(this.#token, ".")) {
      this.#at++;
      const name = this.#name();
      if (is(this.#token, ".")) throw new NotCovered("a name in three parts");
      return { kind: "column", table: token.value.toLowerCase(), name, start, end: this.#tokens[this.#at - 1].end };
    }
    return { kind: "column", table: undefined, name: token.value, start, end };
  }

  #cast(start: number): Expression {
    this.#expect("(");
    const operand = this.#expression();
    this.#expect("AS");
    const type = this.#name().toUpperCase();
    this.#expect(")");
    return { kind: "cast", operand, type, start, end: this.#tokens[this.#at - 1].end };
  }

  #case(start: number): Expression {
    const parts: Expression[] = [];
    while (!this.#take("END")) {
      if (!["WHEN", "THEN", "ELSE"].some((word) => this.#take(word)) && parts.length > 0) {
        throw new NotCovered("this CASE");
      }
      parts.push(this.#expression());
    }
    return { kind: "case", parts, start, end: this.#tokens[this.#at - 1].end };
  }

  #call(name: string, start: number): Expression {
    this.#expect("(");
    const distinct = this.#take("DISTINCT");
    const star = this.#take("*");
    const args = star || is(this.#token, ")") ? [] : this.#list();
    if (is(this.#token, "ORDER")) throw new NotCovered("ORDER BY in a function");
    this.#expect(")");
    if (is(this.#token, "FILTER")) throw new NotCovered("FILTER");
    if (is(this.#token, "OVER")) throw new NotCovered("a window");
    return { kind: "call", name, args, star, distinct, start, end: this.#tokens[this.#at - 1].end };
  }
}

function numberOf(raw: string): number {
  return Number(raw.replaceAll("_", ""));
}
