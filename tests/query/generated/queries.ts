import type { Random } from "../../format/random.ts";
import { aggregateOf, overAggregates } from "./aggregates.ts";
import { Expressions, PARAMETERS } from "./expressions.ts";
import { type Common, type FromOptions, Froms } from "./from.ts";
import { PATHS } from "./json.ts";
import { Chooser, DIRECTIONS, type Limits, type Scope } from "./scope.ts";
import { Subqueries } from "./subqueries.ts";
import { columnMark, type PlainTables, type Relation, textsOf } from "./tables.ts";
import { windowOf } from "./windows.ts";

/** A query of which the rows are determined, and their order where `isOrdered`. */
export interface GeneratedQuery {
  readonly asked: string;
  readonly plain: string;
  readonly isOrdered: boolean;
  readonly parameters: Readonly<Record<string, string | number | bigint | null>>;
}

const TOP: Scope = { own: [], outer: [], times: 1, depth: 0 };

/** Makes a query over tables of so many rows. */
export function generateQuery(random: Random, tables: PlainTables, limits: Limits): GeneratedQuery {
  const { sql, isOrdered } = new Queries(new Chooser(random), tables, limits).whole();
  const names = Object.keys(PARAMETERS).filter((name) => new RegExp(`[:@$]${name}`).test(sql));
  const parameters = Object.fromEntries(names.map((name) => [name, PARAMETERS[name as keyof typeof PARAMETERS]]));
  return { ...textsOf(sql), isOrdered, parameters };
}

/** A SELECT and about how many rows it has. */
interface Core {
  readonly sql: string;
  readonly rows: number;
}

class Queries {
  readonly #make: Expressions;
  readonly #froms: Froms;

  constructor(readonly choose: Chooser, tables: PlainTables, readonly limits: Limits) {
    const subqueries = new Subqueries(choose, () => this.#froms, () => this.#make, limits.rows);
    this.#make = new Expressions(choose, subqueries, PATHS);
    this.#froms = new Froms(this.#make, tables, limits.pairs, (names, options) => this.#derived(names, options));
  }

  whole(): { readonly sql: string; readonly isOrdered: boolean } {
    const { choose } = this;
    const width = 1 + choose.below(3);
    const common: Common[] = [];
    const withs: string[] = [];
    for (const name of ["data", "best", "points", "git", "t"]) {
      if (common.length === 2 || !choose.chance(0.06)) continue;
      if (name === "points") this.#froms.hidden = name;
      const [a, b] = [choose.pick(["a", "exp", "value"]), choose.pick(["kind", "b"])];
      const { sql, rows } = this.#compound(
        2,
        { common: [...common], around: TOP, most: this.limits.rows, mayJoin: true },
        0.1,
      );
      withs.push(`${name}(${a}, ${b}) AS ${choose.pick(["", "", "MATERIALIZED ", "NOT MATERIALIZED "])}(${sql})`);
      common.push({ name, columns: [{ name: a, type: "any" }, { name: b, type: "any" }], rows });
    }
    if (common.length === 0 && choose.chance(0.02)) {
      withs.push(`n(i, v) AS (SELECT 1, 0 UNION ALL SELECT i + 1, v + i * 0.5 FROM n WHERE i < ${choose.below(9)})`);
      common.push({ name: "n", columns: [{ name: "i", type: "whole" }, { name: "v", type: "number" }], rows: 9 });
    }
    const options: FromOptions = { common, around: TOP, most: this.limits.rows, mayJoin: true };
    const { sql, order } = this.#ordered(width, options);
    const text = `${sql}${order}`;
    // A common table that nobody names is not looked at by SQLite.
    const isUsed = common.every(({ name }, at) => new RegExp(`[ (]${name} AS c_`).test(text + withs.slice(at + 1)));
    if (!isUsed) return this.whole();
    return {
      sql: common.length > 0 ? `WITH ${common[0].name === "n" ? "RECURSIVE " : ""}${withs.join(", ")} ${text}` : text,
      isOrdered: order !== "",
    };
  }

  /** With an ORDER BY now and then, of all columns at last, so that LIMIT leaves nothing open. */
  #ordered(width: number, options: FromOptions): { readonly sql: string; readonly order: string } {
    const { choose } = this;
    if (choose.chance(0.15)) {
      const { sql } = this.#compound(width, options, 1);
      return { sql, order: this.#order([], width) };
    }
    const terms: string[] = [];
    const { sql } = this.#core(width, options, terms);
    return { sql, order: this.#order(terms, width) };
  }

  #order(terms: readonly string[], width: number): string {
    const { choose } = this;
    if (!choose.chance(0.45)) return "";
    const columns = Array.from({ length: width }, (_, at) => `${at + 1}`);
    const first = terms.length > 0 && choose.chance(0.4) ? [choose.pick(terms)] : [];
    const orders = [...first, ...columns].map((term) => `${term}${choose.pick(DIRECTIONS)}`);
    const limit = choose.chance(0.5)
      ? ""
      : ` LIMIT ${choose.below(8)}${choose.chance(0.4) ? ` OFFSET ${choose.below(5)}` : ""}`;
    return ` ORDER BY ${orders.join(", ")}${limit}`;
  }

  /** Several SELECTs, with a chance. */
  #compound(width: number, options: FromOptions, chance: number): Core {
    const { choose } = this;
    let { sql, rows } = this.#core(width, options);
    for (let many = 0; many < 2 && choose.chance(many === 0 ? chance : 0.4); many++) {
      const next = this.#core(width, options);
      sql += ` ${choose.pick(["UNION", "UNION ALL", "UNION ALL", "INTERSECT", "EXCEPT"])} ${next.sql}`;
      rows += next.rows;
    }
    return { sql, rows };
  }

  #derived(names: readonly string[], options: FromOptions): Core {
    const around: Scope = { ...options.around, depth: options.around.depth + 1, outer: [] };
    const inner: FromOptions = { ...options, around };
    const { sql, rows } = this.#compound(names.length, inner, 0.1);
    const list = names.join(", ");
    const { choose } = this;
    const limit = choose.chance(0.2) ? ` ORDER BY ${list}${choose.pick(DIRECTIONS)} LIMIT ${choose.below(9)}` : "";
    return { sql: `WITH w(${list}) AS (${sql}) SELECT ${choose.pick([list, "*", "w.*"])} FROM w${limit}`, rows };
  }

  /** One SELECT. `terms` gets what its rows may be sorted by besides their columns. */
  #core(width: number, options: FromOptions, terms: string[] = []): Core {
    const { choose } = this;
    if (choose.chance(0.03)) {
      const row = () => `(${Array.from({ length: width }, () => this.#make.literal()).join(", ")})`;
      return { sql: `VALUES ${row()}, ${row()}`, rows: 2 };
    }
    const { sql: from, relations, rows } = this.#froms.of(options);
    const { outer, times, depth } = options.around;
    const scope: Scope = { own: relations, outer, times: times * rows, depth };
    const where = choose.chance(0.6) ? ` WHERE ${this.#make.condition(scope, 2)}` : "";
    const kind = choose.random.next();
    if (kind < 0.35) return { sql: this.#grouped(width, scope, from, where, terms), rows };
    if (kind < 0.5) return { sql: this.#windowed(width, scope, from, where, rows > this.limits.window), rows };
    const items = Array.from({ length: width }, () => this.#item(this.#make.any(scope, 2), relations));
    if (choose.chance(0.08)) {
      // Names of columns of the answer, where no column has them.
      items[0] = `${this.#make.any(scope, 1)} AS named`;
      const more = `named ${choose.pick(["=", "<", "IS NOT", ">="])} ${this.#make.literal()}`;
      terms.push("named", "named || 'x'");
      return {
        sql: `SELECT ${items.join(", ")} FROM ${from}${where === "" ? " WHERE" : `${where} AND`} ${more}`,
        rows,
      };
    }
    const isDistinct = choose.chance(0.2);
    if (!isDistinct) {
      terms.push(this.#make.any({ ...scope, outer: [] }, 1), `${choose.column(scope, "text")} COLLATE NOCASE`);
    }
    return { sql: `SELECT ${isDistinct ? "DISTINCT " : ""}${items.join(", ")} FROM ${from}${where}`, rows };
  }

  /** With an alias now and then, which may be the name of a column, too. */
  #item(expression: string, relations: readonly Relation[]): string {
    if (this.choose.chance(0.6)) return expression;
    const plain = relations[0].columns.filter(({ name }) => !/[.:]/.test(name));
    return `${expression} AS ${
      this.choose.pick(["git", "params", "value", "x", "kind", this.choose.pick(plain).name])
    }`;
  }

  #grouped(width: number, scope: Scope, from: string, where: string, terms: string[]): string {
    const { choose } = this;
    const whole = choose.chance(0.2) ? this.#beside(width, scope) : undefined;
    if (whole !== undefined) return `SELECT ${whole.items} FROM ${from}${where}${whole.groups}`;
    const inner: Scope = { ...scope, outer: [] };
    // SQLite computes `1 IS NOT NULL` before it looks whether a key is the number of a column.
    const keyOf = (of: string) => of.includes("⟦") || /^\(\d\)$/.test(of) ? of : choose.column(inner);
    const keys = Array.from({ length: choose.below(3) }, () => keyOf(this.#make.any(inner, 1)));
    const items = Array.from({ length: width }, (_, at) => {
      const isKey = at < keys.length && choose.chance(0.7);
      const expression = isKey ? keys[at] : overAggregates(this.#make, scope);
      return choose.chance(0.7) ? expression : `${expression} AS ${choose.pick(["git", "x", "data"])}`;
    });
    const groups = keys.map((key, at) =>
      at < width && items[at] === key && !/^[-+~\d(:@$]/.test(key) && choose.chance(0.3) ? `${at + 1}` : key
    );
    // Of texts that the collation takes for equal, any may be shown: those are keys that are not shown.
    const isShown = keys.some((key) => items.some((item) => item.startsWith(key)));
    if (!isShown && groups.length > 0 && choose.chance(0.3)) groups[0] = `${keys[0]} COLLATE NOCASE`;
    const having = choose.chance(0.25)
      ? ` HAVING ${overAggregates(this.#make, scope)} ${choose.pick(["> 0", "IS NOT NULL", "< 3", "= 1"])}`
      : "";
    terms.push(aggregateOf(this.#make, scope));
    return `SELECT ${items.join(", ")} FROM ${from}${where}${
      groups.length === 0 ? "" : ` GROUP BY ${groups.join(", ")}`
    }${having}`;
  }

  /** Columns beside aggregates that the keys determine, or the row of the least or greatest number. */
  #beside(width: number, { own }: Scope): { readonly items: string; readonly groups: string } | undefined {
    const [{ alias, ids, table, columns }] = own;
    if (own.length > 1 || table === undefined) return undefined;
    const { choose } = this;
    const last = ids.at(-1)!;
    const isBest = (last === "idx" || last === "line") && choose.chance(0.6);
    const keys = (isBest ? ids.slice(0, -1) : ids).map((name) => columnMark(alias, name));
    const items = Array.from({ length: width }, () => columnMark(alias, choose.pick(columns).name));
    items[0] = isBest ? `${choose.pick(["min", "max"])}(${columnMark(alias, last)})` : "count(*)";
    return { items: items.join(", "), groups: ` GROUP BY ${keys.join(", ")}` };
  }

  #windowed(width: number, scope: Scope, from: string, where: string, isLong: boolean): string {
    const { sql, clause } = windowOf(this.#make, scope, isLong);
    const items = Array.from({ length: width }, (_, at) => at === 0 ? sql : this.#make.any(scope, 1));
    return `SELECT ${items.join(", ")} FROM ${from}${where}${clause}`;
  }
}

/** Limits that have to be computed. */
