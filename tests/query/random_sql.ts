import type { Random } from "../format/random.ts";
import { SqlExpressions } from "./random_sql_expressions.ts";
import { type Column, type SqlText, type TableName, TABLES, textOf } from "./random_sql_tables.ts";

/** Something that a query reads from, as it stands in FROM. */
export interface Relation {
  readonly alias: string;
  readonly columns: readonly Column[];
}

/** Tables of few rows. */
const SMALL: readonly TableName[] = ["experiments", "runs"];

/**
 * Makes queries of all of SQLite's ways to ask: joins, groups, windows, compounds, common tables, subqueries of every kind. Of
 * each, the rows are determined (their order need not be), so that two engines must agree.
 */
export function randomSql(random: Random): SqlText {
  const maker = new Maker(random);
  return textOf(maker.query());
}

class Maker {
  readonly #expressions: SqlExpressions;
  #aliases = 0;

  constructor(readonly random: Random) {
    this.#expressions = new SqlExpressions(random, (outer) => this.#subquery(outer), (outer) => this.#set(outer));
  }

  #pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  #chance(p: number): boolean {
    return this.random.next() < p;
  }

  query(): string {
    const width = 1 + this.random.below(3);
    const common = this.#chance(0.15) ? this.#common() : undefined;
    const relations = common === undefined ? [] : [common.relation];
    let sql = this.#core(width, relations);
    if (this.#chance(0.15)) {
      sql += ` ${this.#pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"])} ${this.#core(width, relations)}`;
    }
    const orders = Array.from({ length: width }, (_, at) => `${at + 1}${this.#direction()}`);
    if (this.#chance(0.4)) sql += ` ORDER BY ${orders.join(", ")}${this.#limit()}`;
    // A common table that nobody names is not looked at by SQLite.
    const isUsed = common !== undefined && new RegExp(`\\b${common.relation.alias} AS `).test(sql);
    return (isUsed ? common.sql : "") + sql;
  }

  #limit(): string {
    if (this.#chance(0.5)) return "";
    return ` LIMIT ${this.random.below(8)}${this.#chance(0.4) ? ` OFFSET ${this.random.below(5)}` : ""}`;
  }

  #direction(): string {
    return this.#pick(["", "", " DESC", " ASC", " NULLS LAST", " DESC NULLS FIRST"]);
  }

  #common(): { readonly sql: string; readonly relation: Relation } {
    const name = this.#pick(["data", "best", "points", "git", "t"]);
    const columns: Column[] = [{ name: "a", type: "any" }, { name: "kind", type: "any" }];
    return { sql: `WITH ${name}(a, kind) AS (${this.#core(2, [])}) `, relation: { alias: name, columns } };
  }

  /** A table, a subquery or a common table. */
  #relation(common: readonly Relation[], isSmall = false): { readonly sql: string; readonly relation: Relation } {
    const alias = `${this.#pick(["p", "q", "e", "x"])}${++this.#aliases}`;
    if (!isSmall && common.length > 0 && this.#chance(0.6)) {
      return { sql: `${common[0].alias} AS ${alias}`, relation: { alias, columns: common[0].columns } };
    }
    if (!isSmall && this.#chance(0.15)) {
      const columns: Column[] = [{ name: "a", type: "any" }, { name: "b", type: "any" }];
      return { sql: `(${this.#named(this.#core(2, []), ["a", "b"])}) AS ${alias}`, relation: { alias, columns } };
    }
    // A common table may hide one of the repository.
    const all = isSmall ? SMALL : Object.keys(TABLES) as TableName[];
    const names = all.filter((name) => common.every(({ alias }) => alias !== name));
    const table = this.#pick(names);
    return { sql: `${table} ${this.#pick(["AS ", ""])}${alias}`, relation: { alias, columns: TABLES[table] } };
  }

  #named(sql: string, names: readonly string[]): string {
    return `WITH w(${names.join(", ")}) AS (${sql}) SELECT ${names.join(", ")} FROM w`;
  }

  #from(common: readonly Relation[]): { readonly sql: string; readonly relations: Relation[] } {
    const first = this.#relation(common);
    const relations = [first.relation];
    let sql = first.sql;
    while (relations.length < 3 && this.#chance(0.3)) {
      // A join of three great tables would take long anywhere.
      const isSmall = relations.length > 1 || this.#chance(0.5);
      const next = this.#relation(common, isSmall);
      const join = this.#pick(["JOIN", "LEFT JOIN", "JOIN", "CROSS JOIN"]);
      const shared = relations[0].columns.filter(({ name }) => next.relation.columns.some((it) => it.name === name));
      const ids = shared.find(({ name }) => name === "run") ?? shared.find(({ name }) => name === "exp");
      const key = ids ?? this.#pick(isSmall ? [...shared, undefined] : shared);
      if (key === undefined && !isSmall) continue;
      const equal = key === undefined
        ? this.#expressions.condition([...relations, next.relation], 1)
        : `${this.#expressions.column(relations[0], key)} = ${this.#expressions.column(next.relation, key)}`;
      relations.push(next.relation);
      sql += join === "CROSS JOIN" ? ` JOIN ${next.sql} ON ${equal}` : ` ${join} ${next.sql} ON ${equal}`;
    }
    return { sql, relations };
  }

  #core(width: number, common: readonly Relation[]): string {
    if (this.#chance(0.03)) {
      const row = () => `(${Array.from({ length: width }, () => this.#expressions.literal()).join(", ")})`;
      return `VALUES ${row()}, ${row()}`;
    }
    const { sql, relations } = this.#from(common);
    const where = this.#chance(0.6) ? ` WHERE ${this.#expressions.condition(relations, 2)}` : "";
    const kind = this.random.next();
    if (kind < 0.35) return this.#grouped(width, relations, sql, where);
    if (kind < 0.5) return this.#windowed(width, relations, sql, where);
    const items = Array.from({ length: width }, () => this.#item(this.#expressions.any(relations, 2), relations));
    return `SELECT ${this.#chance(0.2) ? "DISTINCT " : ""}${items.join(", ")} FROM ${sql}${where}`;
  }

  /** With an alias now and then, which may be the name of a column, too. */
  #item(expression: string, relations: readonly Relation[]): string {
    if (this.#chance(0.6)) return expression;
    const plain = relations[0].columns.filter(({ name }) => !name.includes("."));
    return `${expression} AS ${this.#pick(["git", "params", "value", "x", "kind", this.#pick(plain).name])}`;
  }

  #grouped(width: number, relations: readonly Relation[], from: string, where: string): string {
    const keys = Array.from({ length: this.random.below(3) }, () => this.#expressions.any(relations, 1));
    const items = Array.from({ length: width }, (_, at) => {
      const isKey = at < keys.length && this.#chance(0.7);
      const expression = isKey ? keys[at] : this.#expressions.overAggregates(relations);
      return this.#chance(0.7) ? expression : `${expression} AS ${this.#pick(["git", "x", "data"])}`;
    });
    const terms = keys.map((key, at) =>
      at < width && items[at] === key && !/^[-+\d(]/.test(key) && this.#chance(0.3) ? `${at + 1}` : key
    );
    const groups = keys.length === 0 ? "" : ` GROUP BY ${terms.join(", ")}`;
    const having = this.#chance(0.25)
      ? ` HAVING ${this.#expressions.overAggregates(relations)} ${this.#pick(["> 0", "IS NOT NULL", "< 3"])}`
      : "";
    const isPlain = keys.length === 0 && items.every((item) => !/\b(count|sum|min|max|avg|total)\(/.test(item));
    return isPlain
      ? `SELECT ${items.join(", ")} FROM ${from}${where} LIMIT 0`
      : this.#finish(items, from, where, groups, having);
  }

  #finish(items: readonly string[], from: string, where: string, groups: string, having: string): string {
    return `SELECT ${items.join(", ")} FROM ${from}${where}${groups}${having}`;
  }

  #windowed(width: number, relations: readonly Relation[], from: string, where: string): string {
    const items = Array.from(
      { length: width },
      (_, at) => at === 0 ? this.#expressions.window(relations) : this.#expressions.any(relations, 1),
    );
    return `SELECT ${items.join(", ")} FROM ${from}${where}`;
  }

  /** A query as a value: one row, which may depend on the row outside. */
  #subquery(outer: readonly Relation[]): string {
    const { sql, relations } = this.#from([]);
    const inner = relations[0];
    const link = this.#link(inner, outer);
    const aggregate = this.#expressions.aggregate([inner]);
    return `(SELECT ${aggregate} FROM ${sql}${link})`;
  }

  /** A query as a set. */
  #set(outer: readonly Relation[]): string {
    const { sql, relations } = this.#from([]);
    return `(SELECT ${this.#expressions.any([relations[0]], 1)} FROM ${sql}${this.#link(relations[0], outer)})`;
  }

  #link(inner: Relation, outer: readonly Relation[]): string {
    if (outer.length === 0 || this.#chance(0.5)) {
      return this.#chance(0.5) ? ` WHERE ${this.#expressions.condition([inner], 1)}` : "";
    }
    const of = this.#pick(outer);
    const shared = inner.columns.filter(({ name }) => of.columns.some((it) => it.name === name));
    if (shared.length === 0) return "";
    const key = this.#pick(shared);
    const [a, b] = [this.#expressions.column(inner, key), this.#expressions.column(of, key)];
    return ` WHERE ${a} ${this.#pick(["=", "=", "IS", "<"])} ${b}`;
  }
}
