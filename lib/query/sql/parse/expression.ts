import { isReserved } from "../keywords.ts";
import type { BinaryOperator, Expression, In, Literal, Unary } from "../tree.ts";
import { parseCall } from "./call.ts";
import type { Cursor } from "./cursor.ts";
import { chain } from "./chain.ts";
import { BORDER, isBorder, parseLiteral, parseParameter, parseWord } from "./literals.ts";
import { nameOf, parseDotted, parseName } from "./names.ts";

/** How tightly operators bind: SQLite's levels, loosest first. */
const LEVELS: Readonly<Record<string, number>> = {
  ...levels(1, "OR"),
  ...levels(2, "AND"),
  ...levels(3, "NOT"),
  ...levels(4, "= <> IS ISNULL NOTNULL IN LIKE GLOB REGEXP MATCH BETWEEN"),
  ...levels(5, "< <= > >="),
  ...levels(6, "& | << >>"),
  ...levels(7, "+ -"),
  ...levels(8, "* / %"),
  ...levels(9, "|| -> ->>"),
  ...levels(10, "COLLATE"),
};
const NOT_LEVEL = 3;
const COMPARISON_OPERAND = 5;
const PREFIX_OPERAND = 11;

/** An expression with all its operators. */
export function parseExpressionAt(cursor: Cursor): Expression {
  return parseFrom(cursor, 1);
}

/** An expression whose operators bind at least as tightly as `level`. */
function parseFrom(cursor: Cursor, level: number): Expression {
  let left = parseOperand(cursor);
  while (true) {
    const found = LEVELS[cursor.word()];
    if (found === undefined || found < level) return left;
    left = parseOperator(cursor, left, found);
  }
}

/** What an operator that stands here makes of its left side. */
function parseOperator(cursor: Cursor, left: Expression, level: number): Expression {
  const op = cursor.word();
  const { heights } = cursor;
  const { start } = left;
  switch (op) {
    case "AND":
    case "OR": {
      const operands = [left];
      while (cursor.accept(op)) operands.push(parseFrom(cursor, level + 1));
      return chain(operands, op, heights);
    }
    case "IS":
      return parseIs(cursor, left);
    case "ISNULL":
    case "NOTNULL":
      cursor.take();
      return heights.note({ kind: "is", not: op === "NOTNULL", left, right: nullAt(cursor), start, end: cursor.end });
    case "NOT":
      cursor.take();
      if (cursor.accept("NULL")) {
        return heights.note({ kind: "is", not: true, left, right: nullAt(cursor), start, end: cursor.end });
      }
      return parseNegatable(cursor, left, true);
    case "COLLATE": {
      cursor.take();
      const collation = parseName(cursor, "the name of a collation");
      return heights.note({ kind: "collate", operand: left, collation, start, end: cursor.end });
    }
    case "IN":
    case "LIKE":
    case "GLOB":
    case "REGEXP":
    case "MATCH":
    case "BETWEEN":
      return parseNegatable(cursor, left, false);
    default: {
      cursor.take();
      const right = parseFrom(cursor, level + 1);
      return heights.note({ kind: "binary", op: op as BinaryOperator, left, right, start, end: right.end });
    }
  }
}

/** `IS [NOT] [DISTINCT FROM]` */
function parseIs(cursor: Cursor, left: Expression): Expression {
  cursor.take();
  const not = cursor.accept("NOT");
  const isOpposite = cursor.accept("DISTINCT", "FROM");
  const right = parseFrom(cursor, COMPARISON_OPERAND);
  return cursor.heights.note({ kind: "is", not: not !== isOpposite, left, right, start: left.start, end: right.end });
}

/** The operators that may have a NOT before them, which has been taken. */
function parseNegatable(cursor: Cursor, left: Expression, not: boolean): Expression {
  const { start } = left;
  const op = cursor.word();
  switch (op) {
    case "IN": {
      cursor.take();
      const set = parseSet(cursor);
      return cursor.heights.note({ kind: "in", not, operand: left, set, start, end: cursor.end });
    }
    case "BETWEEN": {
      cursor.take();
      const low = parseFrom(cursor, NOT_LEVEL);
      cursor.expect("AND");
      const high = parseFrom(cursor, COMPARISON_OPERAND);
      return cursor.heights.note({ kind: "between", not, operand: left, low, high, start, end: high.end });
    }
    case "LIKE":
    case "GLOB":
    case "REGEXP":
    case "MATCH": {
      cursor.take();
      const right = parseFrom(cursor, COMPARISON_OPERAND);
      const escape = cursor.accept("ESCAPE") ? parseFrom(cursor, COMPARISON_OPERAND) : undefined;
      return cursor.heights.note({ kind: "like", op, not, left, right, escape, start, end: cursor.end });
    }
  }
  cursor.fail("NULL, IN, LIKE or BETWEEN behind NOT");
}

function parseSet(cursor: Cursor): In["set"] {
  if (cursor.word() === "(") {
    return cursor.parenthesized(() => {
      if (startsQuery(cursor)) return { kind: "query", query: cursor.query() };
      return { kind: "list", items: cursor.word() === ")" ? [] : cursor.list(() => cursor.expression()) };
    });
  }
  const first = parseName(cursor, 'a list in parentheses or a table behind "IN"');
  const second = cursor.accept(".") ? parseName(cursor, "the name of a table") : undefined;
  const name = second ?? first;
  if (cursor.word() !== "(") return { kind: "table", ...second === undefined ? {} : { schema: first }, name };
  const args = cursor.parenthesized(() => cursor.word() === ")" ? [] : cursor.list(() => cursor.expression()));
  return { kind: "function", name, args };
}

function parseOperand(cursor: Cursor): Expression {
  const op = cursor.word();
  if (op === "NOT" || op === "-" || op === "+" || op === "~") return parsePrefix(cursor, op);
  return parsePrimary(cursor);
}

function parsePrefix(cursor: Cursor, op: Unary["op"]): Expression {
  const { start } = cursor.take();
  const operand = cursor.nested(() => parseFrom(cursor, op === "NOT" ? NOT_LEVEL : PREFIX_OPERAND));
  const { end } = operand;
  if (op === "-" && operand.kind === "literal" && isBorder(cursor.sql.slice(operand.start, operand.end))) {
    return { kind: "literal", value: -BORDER, start, end };
  }
  return cursor.heights.note({ kind: "unary", op, operand, start, end });
}

function parsePrimary(cursor: Cursor): Expression {
  const token = cursor.token();
  if (token === undefined) cursor.fail("an expression");
  switch (token.kind) {
    case "number":
    case "blob":
      return parseLiteral(cursor);
    case "text":
      return cursor.word(1) === "." ? parseDotted(cursor) : parseLiteral(cursor);
    case "parameter":
      return parseParameter(cursor);
    case "quoted":
      return cursor.word(1) === "(" ? parseCall(cursor) : parseDotted(cursor);
    case "mark":
      return token.raw === "(" ? parseParentheses(cursor) : cursor.fail("an expression");
    case "name":
      return parseNamed(cursor);
  }
}

/** What begins with a word. */
function parseNamed(cursor: Cursor): Expression {
  const { start } = cursor;
  const word = cursor.word();
  const isCalled = cursor.word(1) === "(";
  switch (word) {
    case "CASE":
      return parseCase(cursor);
    case "CAST":
      if (isCalled) return parseCast(cursor);
      cursor.take();
      return cursor.fail("(");
    case "RAISE":
      return cursor.fail("an expression");
    case "EXISTS": {
      cursor.take();
      const query = cursor.parenthesized(() => cursor.query());
      return { kind: "exists", query, start, end: cursor.end };
    }
    case "SELECT":
      return cursor.refuse("a query that stands for a value needs parentheses");
  }
  const literal = parseWord(cursor);
  if (literal !== undefined) return literal;
  if (isReserved(word)) cursor.fail("an expression");
  return isCalled ? parseCall(cursor) : parseDotted(cursor);
}

/** `(x)`, `(a, b)` or `(SELECT …)` */
function parseParentheses(cursor: Cursor): Expression {
  const { start } = cursor;
  const inner = cursor.parenthesized(() => {
    if (startsQuery(cursor)) return cursor.query();
    return cursor.list(() => cursor.expression());
  });
  const { end } = cursor;
  if ("kind" in inner) return { kind: "subquery", query: inner, start, end };
  if (inner.length > 1) return cursor.heights.note({ kind: "row", items: inner, start, end });
  // The node is new, and no other code has seen it yet.
  return Object.assign(inner[0], { start, end });
}

function parseCase(cursor: Cursor): Expression {
  const { start } = cursor.take();
  return cursor.nested(() => {
    const operand = cursor.word() === "WHEN" ? undefined : cursor.expression();
    const branches: { when: Expression; then: Expression }[] = [];
    do {
      cursor.expect("WHEN");
      const when = cursor.expression();
      cursor.expect("THEN");
      branches.push({ when, then: cursor.expression() });
    } while (cursor.word() === "WHEN");
    const otherwise = cursor.accept("ELSE") ? cursor.expression() : undefined;
    cursor.expect("END");
    return cursor.heights.note({ kind: "case", operand, branches, otherwise, start, end: cursor.end });
  });
}

function parseCast(cursor: Cursor): Expression {
  const { start } = cursor.take();
  const { operand, type } = cursor.parenthesized(() => {
    const operand = cursor.expression();
    cursor.expect("AS");
    return { operand, type: parseType(cursor) };
  });
  return cursor.heights.note({ kind: "cast", operand, type, start, end: cursor.end });
}

/** `INTEGER`, `DOUBLE PRECISION`, `DECIMAL(10, 2)`, or nothing at all. */
function parseType(cursor: Cursor): string {
  const { start } = cursor;
  if (cursor.word() === ")") return "";
  do parseName(cursor, "a type"); while (nameOf(cursor.token(), cursor.word()) !== undefined);
  if (cursor.word() === "(") {
    cursor.parenthesized(() =>
      cursor.list(() => {
        if (!cursor.accept("-")) cursor.accept("+");
        if (cursor.token()?.kind !== "number") cursor.fail("a number");
        cursor.take();
      })
    );
  }
  return cursor.sql.slice(start, cursor.end);
}

/** Whether the next token begins a query, where an expression might stand as well. */
export function startsQuery(cursor: Cursor): boolean {
  return ["SELECT", "VALUES", "WITH"].includes(cursor.word());
}

function nullAt(cursor: Cursor): Literal {
  return { kind: "literal", value: null, start: cursor.end, end: cursor.end };
}

function levels(level: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(" ").map((word) => [word, level]));
}
