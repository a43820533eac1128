import { tableOf } from "../../../lib/query/schema/tables.ts";
import type { Expressions } from "./expressions.ts";
import { type Scope, withBareNames } from "./scope.ts";
import { columnMark, IDS, type PlainTables, type Relation, TABLE_NAMES, type TableName } from "./tables.ts";

/** A common table that may be named. */
export interface Common {
  readonly name: string;
  readonly columns: Relation["columns"];
  readonly rows: number;
}

/** A query that has columns of the names asked for. */
export interface Derived {
  readonly sql: string;
  readonly rows: number;
}

/** What FROM is made of. */
export interface FromOptions {
  readonly common: readonly Common[];
  /** Scope of the queries around. */
  readonly around: Scope;
  /** How many rows it may have. */
  readonly most: number;
  readonly mayJoin: boolean;
}

/** The columns of `json_each`. */
const ITEMS: Relation["columns"] = [
  ...(["key", "value", "atom"] as const).map((name) => ({ name, type: "any" as const })),
  ...(["type", "fullkey"] as const).map((name) => ({ name, type: "text" as const })),
  { name: "id", type: "whole" },
];
const ALIASES = ["p", "q", "e", "x", "points_", "git", "data", "k"];

/** Makes FROM clauses whose rows are not too many. */
export class Froms {
  /** A table that a common table hides. */
  hidden: TableName | undefined;
  #aliases = 0;

  constructor(
    readonly make: Expressions,
    readonly tables: PlainTables,
    /** Rows that a join may look at. */
    readonly pairs: number,
    readonly derive: (names: readonly string[], options: FromOptions) => Derived,
  ) {}

  /** FROM, without its word. */
  of(options: FromOptions): { readonly sql: string; readonly relations: readonly Relation[]; readonly rows: number } {
    const { choose } = this.make;
    const { around } = options;
    // Now and then the alias of a table of the query around, which then cannot be named.
    const hidden = around.outer.length > 0 && choose.chance(0.15) ? choose.pick(around.outer).alias : undefined;
    const first = this.#relation(options, options.most, hidden);
    const outer = around.outer.filter(({ alias }) => alias !== hidden);
    let { sql } = first;
    let { rows } = first.relation;
    const relations = [first.relation];
    for (let tries = 0; options.mayJoin && tries < 4 && relations.length < 3 && choose.chance(0.35); tries++) {
      const next = this.#relation(options, Math.min(options.most, this.pairs / Math.max(1, rows)));
      const joined = this.#join(relations, next.relation, next.sql, { ...around, outer }, rows);
      if (joined === undefined || joined.rows > options.most) continue;
      sql += joined.sql;
      rows = joined.rows;
      relations.push(next.relation);
    }
    const each = choose.chance(0.04) ? this.#each(relations) : undefined;
    if (each !== undefined) {
      sql += `, ${each.sql}`;
      rows *= 3;
      relations.push(each.relation);
    }
    const named = withBareNames(relations, ({ table }) => table === undefined ? [] : reservedOf(table));
    return { sql, relations: named, rows: Math.max(1, rows) };
  }

  /** The items of a column of JSON. */
  #each(left: readonly Relation[]): { readonly sql: string; readonly relation: Relation } | undefined {
    const { choose } = this.make;
    const of = left.find(({ columns }) => columns.some(({ type }) => type === "json"));
    if (of === undefined) return undefined;
    const column = choose.pick(of.columns.filter(({ type }) => type === "json"));
    const alias = `j${++this.#aliases}`;
    const name = choose.pick(["json_each", "json_tree"]);
    const path = choose.pick(["", "", ", '$.opt'", ", '$.deep.list'"]);
    const relation = { alias, columns: ITEMS, ids: ["id"], rows: 3 * of.rows };
    return { sql: `${name}(${columnMark(of.alias, column.name)}${path}) AS ${alias}`, relation };
  }

  #join(
    left: readonly Relation[],
    right: Relation,
    sql: string,
    around: Scope,
    rows: number,
  ): { readonly sql: string; readonly rows: number } | undefined {
    const { choose } = this.make;
    const of = choose.pick(left);
    const shared = of.columns.map(({ name }) => name).filter((name) => right.columns.some((it) => it.name === name));
    const plain = shared.filter((name) => !/[.:]/.test(name));
    const pairs = rows * right.rows;
    const kind = choose.pick(["JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "INNER JOIN", "RIGHT JOIN", "FULL JOIN"]);
    const keys = right.ids.filter((name) => shared.includes(name) && (name === "exp" || name === "run"));
    const count = keys.includes("run")
      ? this.tables.runs.rows
      : keys.includes("exp")
      ? this.tables.experiments.rows
      : 1;
    const estimate = Math.max(rows, 2 * pairs / Math.max(1, count));
    const equal = (name: string) => `${columnMark(of.alias, name)} = ${columnMark(right.alias, name)}`;
    const isDerived = [...left, right].every(({ table }) => table === undefined);
    if (isDerived && choose.chance(0.3)) return { sql: ` NATURAL ${kind} ${sql}`, rows: Math.max(rows, pairs) };
    if (left.length === 1 && plain.includes("exp") && choose.chance(0.3)) {
      const using = keys.length > 0 ? keys : ["exp"];
      return { sql: ` ${kind} ${sql} USING (${using.join(", ")})`, rows: estimate };
    }
    const scope: Scope = {
      own: [...left, right],
      outer: around.outer,
      times: pairs * around.times,
      depth: around.depth + 1,
    };
    const more = choose.chance(0.4) ? ` AND ${this.make.condition(scope, 1)}` : "";
    if (keys.length > 0 && choose.chance(0.7)) {
      return { sql: ` ${kind} ${sql} ON ${keys.map(equal).join(" AND ")}${more}`, rows: estimate };
    }
    if (shared.length > 0 && choose.chance(0.5)) {
      return { sql: ` ${kind} ${sql} ON ${equal(choose.pick(shared))}${more}`, rows: Math.max(rows, pairs) };
    }
    if (choose.chance(0.2)) return { sql: `${choose.pick([", ", " CROSS JOIN "])}${sql}`, rows: pairs };
    return { sql: ` ${kind} ${sql} ON ${this.make.condition(scope, 1)}`, rows: Math.max(rows, pairs) };
  }

  /** A table, a common table or a query, of so many rows. */
  #relation(options: FromOptions, most: number, given?: string): { readonly sql: string; readonly relation: Relation } {
    const { choose } = this.make;
    const { around, common } = options;
    const alias = given ?? `${choose.pick(ALIASES)}${++this.#aliases}`;
    const fitting = common.filter(({ rows }) => rows <= most);
    if (fitting.length > 0 && choose.chance(0.6)) {
      const { name, columns, rows } = choose.pick(fitting);
      const relation = { alias: `c_${alias}`, columns, ids: columns.map(({ name }) => name), rows };
      return { sql: `${name} AS ${relation.alias}`, relation };
    }
    if (around.depth < 2 && choose.chance(0.15)) {
      const names = choose.pick([["a", "b"], ["exp", "kind"], ["run", "value"], ["a", "exp"]]);
      const derived = this.derive(names, { ...options, most });
      const columns = names.map((name) => ({ name, type: "any" as const }));
      return { sql: `(${derived.sql}) AS ${alias}`, relation: { alias, columns, ids: names, rows: derived.rows } };
    }
    const tables = TABLE_NAMES.filter((name) => this.tables[name].rows <= most);
    const table = tables.length > 0 ? choose.pick(tables) : "experiments";
    return {
      sql: `${table === this.hidden ? "main." : ""}${table} ${choose.pick(["AS ", ""])}${alias}`,
      relation: { alias, columns: this.tables[table].columns, ids: IDS[table], rows: this.tables[table].rows, table },
    };
  }
}

/** All names that a table knows, also those that the random queries do not name. */
function reservedOf(name: TableName): string[] {
  const { columns, hidden = [], hiddenFamilies = [], families } = tableOf(name)!;
  return [...columns.map(([name]) => name), ...hidden.map(([name]) => name), ...hiddenFamilies, ...families];
}
