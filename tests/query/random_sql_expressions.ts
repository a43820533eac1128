import type { Random } from "../format/random.ts";
import type { Relation } from "./random_sql.ts";
import { type Column, columnMark } from "./random_sql_tables.ts";

/** Values of all kinds, and such as are near a limit. */
const LITERALS = [
  ...[
    "0",
    "1",
    "2",
    "-1",
    "3",
    "0.5",
    "-0.125",
    "2.0",
    "1e300",
    "NULL",
    "'a'",
    "'0.5'",
    "'2'",
    "''",
    "'train'",
    "TRUE",
  ],
  ...["9007199254740993", "9223372036854775807", "-9223372036854775808", "0x10", "'10abc'", "x'61'", "1.5e1", "FALSE"],
];
const COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "IS", "IS NOT"];
const ARITHMETIC = ["+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>"];
const FUNCTIONS_1 = ["abs", "length", "lower", "upper", "typeof", "hex", "trim", "sign", "quote", "unicode", "sqrt"];
const AGGREGATES = ["count", "sum", "min", "max", "avg", "total"];

/** Expressions over some relations. `subquery` and `set` make queries inside of them. */
export class SqlExpressions {
  constructor(
    readonly random: Random,
    readonly subquery: (outer: readonly Relation[]) => string,
    readonly set: (outer: readonly Relation[]) => string,
  ) {}

  #pick<T>(items: readonly T[]): T {
    return items[this.random.below(items.length)];
  }

  #chance(p: number): boolean {
    return this.random.next() < p;
  }

  literal(): string {
    return this.#pick(LITERALS);
  }

  column(relation: Relation, column: Column): string {
    return columnMark(relation.alias, column.name);
  }

  #anyColumn(relations: readonly Relation[], type?: Column["type"]): string {
    const relation = this.#pick(relations);
    const fitting = relation.columns.filter((column) => type === undefined || column.type === type);
    return this.column(relation, this.#pick(fitting.length > 0 ? fitting : relation.columns));
  }

  /** Any value. */
  any(relations: readonly Relation[], depth: number): string {
    const pick = this.random.next();
    if (depth <= 0 || pick < 0.4) return this.#chance(0.88) ? this.#anyColumn(relations) : `(${this.literal()})`;
    const inner = () => this.any(relations, depth - 1);
    if (pick < 0.55) return `(${inner()} ${this.#pick(ARITHMETIC)} ${inner()})`;
    if (pick < 0.65) return `${this.#pick(FUNCTIONS_1)}(${inner()})`;
    if (pick < 0.7) return `CASE WHEN ${this.condition(relations, depth - 1)} THEN ${inner()} ELSE ${inner()} END`;
    if (pick < 0.74) return `CASE ${inner()} WHEN ${inner()} THEN ${inner()} END`;
    if (pick < 0.79) return `CAST(${inner()} AS ${this.#pick(["INTEGER", "REAL", "TEXT", "NUMERIC", "VARCHAR(3)"])})`;
    if (pick < 0.84) {
      return `${this.#pick(["coalesce", "nullif", "ifnull", "min", "max", "iif"])}(${this.#arguments(inner)})`;
    }
    if (pick < 0.87) return `round(${this.#anyColumn(relations, "number")}, ${this.random.below(3)})`;
    if (pick < 0.9) {
      return `substr(${this.#anyColumn(relations, "text")}, ${this.random.below(5) - 2}, ${this.random.below(4)})`;
    }
    if (pick < 0.93) return `(${this.condition(relations, depth - 1)})`;
    if (pick < 0.96) return this.subquery(relations);
    if (pick < 0.98) {
      return `(${this.#anyColumn(relations, "text")} COLLATE NOCASE = ${this.#pick(["'TRAIN'", "'A'"])})`;
    }
    return `json_extract('{"a":[1,2.5,"x",null]}', '$.a[${this.random.below(4)}]')`;
  }

  #arguments(inner: () => string): string {
    return `${inner()}, ${inner()}`;
  }

  condition(relations: readonly Relation[], depth: number): string {
    const pick = this.random.next();
    const value = () => this.any(relations, depth - 1);
    if (depth > 0 && pick < 0.2) {
      return `(${this.condition(relations, depth - 1)} ${this.#pick(["AND", "OR"])} ${
        this.condition(relations, depth - 1)
      })`;
    }
    if (depth > 0 && pick < 0.26) return `NOT (${this.condition(relations, depth - 1)})`;
    if (pick < 0.6) return `${value()} ${this.#pick(COMPARISONS)} ${this.#chance(0.6) ? this.literal() : value()}`;
    if (pick < 0.68) return `${value()} ${this.#pick(["", "NOT "])}BETWEEN ${this.literal()} AND ${this.literal()}`;
    if (pick < 0.78) {
      const members = Array.from({ length: this.random.below(4) }, () => this.literal());
      return `${value()} ${this.#pick(["", "NOT "])}IN (${members.join(", ")})`;
    }
    if (pick < 0.84) {
      const pattern = this.#pick(["'%a%'", "'t_a%'", "'L%'", "'%.%'", "NULL", "'0.5'"]);
      return `${this.#anyColumn(relations)} ${this.#pick(["", "NOT "])}LIKE ${pattern}`;
    }
    if (pick < 0.87) {
      return `${this.#anyColumn(relations, "text")} GLOB ${this.#pick(["'t*'", "'*[0-9]*'", "'?????'"])}`;
    }
    if (pick < 0.91) return `${value()} ${this.#pick(["IS NULL", "NOTNULL", "IS NOT NULL", "ISNULL"])}`;
    if (depth > 0 && pick < 0.95) return `${value()} ${this.#pick(["", "NOT "])}IN ${this.set(relations)}`;
    if (depth > 0 && pick < 0.97) return `${this.#pick(["", "NOT "])}EXISTS ${this.set(relations)}`;
    return `(${value()}, ${value()}) ${this.#pick(["=", "<", "<>"])} (${this.literal()}, ${value()})`;
  }

  aggregate(relations: readonly Relation[]): string {
    if (this.#chance(0.25)) return "count(*)";
    const name = this.#pick(AGGREGATES);
    const distinct = this.#chance(0.15) ? "DISTINCT " : "";
    // Sums of fractions of any size depend on their order: only columns, whose values add up exactly.
    const isSum = name === "sum" || name === "avg" || name === "total";
    const of = isSum ? this.#summable(relations) : this.any(relations, 1);
    const filter = this.#chance(0.15) ? ` FILTER (WHERE ${this.condition(relations, 1)})` : "";
    return `${name}(${distinct}${of})${filter}`;
  }

  #summable(relations: readonly Relation[]): string {
    const column = this.#anyColumn(relations, "number");
    return this.#chance(0.3) ? `(${column} * ${this.#pick(["2", "0.5", "3"])})` : column;
  }

  /** A value of a group: aggregates, and what is computed from them. */
  overAggregates(relations: readonly Relation[]): string {
    const aggregate = this.aggregate(relations);
    const pick = this.random.next();
    if (pick < 0.6) return aggregate;
    if (pick < 0.75) return `${aggregate} ${this.#pick(["/ 7", "|| ' points'", "+ 1", "* 2", "> 1"])}`;
    if (pick < 0.9) return `typeof(${aggregate})`;
    return `coalesce(${aggregate}, ${this.aggregate(relations)})`;
  }

  window(relations: readonly Relation[]): string {
    const partition = this.#chance(0.6) ? `PARTITION BY ${this.#anyColumn(relations)} ` : "";
    // All columns: so that the order of rows leaves nothing open but between equal rows.
    const order = relations.flatMap((relation) => relation.columns.map((column) => this.column(relation, column)));
    const sorted = `ORDER BY ${this.any(relations, 1)}${this.#pick(["", " DESC"])}, ${order.join(", ")}`;
    const of = this.#anyColumn(relations, "number");
    const frame = this.#pick([
      "",
      " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
      " ROWS UNBOUNDED PRECEDING",
      " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
      " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
      " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW",
    ]);
    const name = this.#pick([
      ...["row_number()", "rank()", "dense_rank()", "count(*)", `lag(${of})`, `lead(${of}, 2, 0)`, `sum(${of})`],
      ...[
        `min(${of})`,
        `max(${of})`,
        `avg(${of})`,
        `first_value(${of})`,
        `last_value(${of})`,
        "ntile(3)",
        `total(${of})`,
      ],
      ...["percent_rank()", "cume_dist()", `nth_value(${of}, 2)`],
    ]);
    const takesFrame = !/^(row_number|rank|dense_rank|lag|lead|ntile|percent_rank|cume_dist)/.test(name);
    return `${name} OVER (${partition}${sorted}${takesFrame ? frame : ""})`;
  }
}
