import type { SeriesRow } from "../index/series_table.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { childrenOf, type Expression, type FromItem, type Select, type Star } from "./ast.ts";
import type { Cell } from "./result/cell.ts";
import type { Dimension, DimensionScope } from "./dimensions.ts";
import { DEVIATIONS } from "./sqlite/functions.ts";
import { NotCovered } from "./parse_select.ts";
import type { ReadQuery } from "./read_query.ts";
import { experimentCell, runCell, seriesCell } from "./tables/row_cells.ts";
import { type ColumnSpec, tableOf } from "./tables/schema.ts";
import type { NumberType } from "./vector_expression.ts";

/** What changes least in an expression: nothing, from series to series, from point to point; or it takes many rows to one. */
export type Level = "constant" | "dimension" | "row" | "aggregate";

const ORDER: readonly Level[] = ["constant", "dimension", "row", "aggregate"];

/** A column of a table of FROM. */
interface Resolved {
  readonly table: string;
  readonly column: string;
  /** Within `column`, for a part of JSON. */
  readonly path: readonly string[] | undefined;
  readonly type: ColumnSpec[1];
}

export const AGGREGATES: ReadonlySet<string> = new Set([
  "count",
  "sum",
  "total",
  "avg",
  "min",
  "max",
  ...Object.keys(DEVIATIONS),
]);

/** Aggregates that only SQLite computes. */
const OTHER_AGGREGATES = /^(group_concat|string_agg|median|json_group_(array|object)|jsonb_group_(array|object))$/;

/** The columns of `points` that are not the same in each row of a series. */
const ROW_COLUMNS: Readonly<Record<string, NumberType>> = {
  idx: "integer",
  step: "real",
  ts: "integer",
  value: "real",
};

/** What the names of a query mean, over one long table and what is joined to it. */
export class VectorScope implements DimensionScope {
  readonly fact: "points" | "metrics" | "events";
  readonly sql: string;
  readonly #from: readonly FromItem[];
  /** Columns that USING makes one of. */
  readonly #using = new Set<string>();

  constructor(
    select: Select,
    readonly read: ReadQuery,
    readonly params: Readonly<Record<string, Cell | bigint>>,
  ) {
    this.sql = read.rewritten;
    this.#from = select.from;
    const names = select.from.map((item) => item.table);
    if (new Set(names).size < names.length) throw new NotCovered("a table that is joined to itself");
    const facts = names.filter((name) => name === "points" || name === "metrics" || name === "events");
    if (facts.length !== 1) throw new NotCovered(facts.length === 0 ? "none of the long tables" : facts.join(" and "));
    this.fact = facts[0] as "points" | "metrics" | "events";
    for (const name of names) {
      if (name !== this.fact && name !== "experiments" && name !== "runs") throw new NotCovered(`the table ${name}`);
    }
    for (const { using } of select.from) using?.forEach((name) => this.#using.add(name));
  }

  /** The columns that `*` or `t.*` stands for. */
  columnsOf({ table }: Star): Expression[] {
    const columns: Expression[] = [];
    for (const item of this.#from) {
      if (table !== undefined && item.alias !== table) continue;
      for (const [name] of tableOf(item.table)!.columns) {
        // What USING makes one of is shown once, where it first stands.
        if (table === undefined && item.using?.includes(name)) continue;
        columns.push({ kind: "column", table: item.alias, name, start: 0, end: 0 });
      }
    }
    if (columns.length === 0) throw new NotCovered(`the table "${table}"`);
    return columns;
  }

  /** What joins ask for beyond that rows belong together. Throws where a join does anything else. */
  joins(snapshot: Snapshot): Expression[] {
    const conditions: Expression[] = [];
    this.#from.forEach((item, at) => {
      if (item.join === "left" && this.#from[0].table !== this.fact) throw new NotCovered("this LEFT JOIN");
      if (at === 0) return;
      const equal = new Set(item.using);
      const rest: Expression[] = [];
      for (const condition of conjuncts(item.on)) {
        const column = this.#joined(condition);
        if (column === undefined) rest.push(condition);
        else equal.add(column);
      }
      if (item.join === "left" && rest.length > 0) throw new NotCovered("this LEFT JOIN");
      conditions.push(...rest);
      const tables = new Set(this.#from.slice(0, at + 1).map(({ table }) => table));
      const has = (table: string, name: string) => tableOf(table)!.columns.some(([column]) => column === name);
      const before = this.#from.slice(0, at);
      if (item.using?.some((name) => !has(item.table, name) || !before.some(({ table }) => has(table, name)))) {
        throw new NotCovered("USING of a column that is not there");
      }
      // What the newly joined table and those before it share: the run, or at least the experiment.
      const needs = item.table === "runs" || (item.table === this.fact && tables.has("runs")) ? "run" : "exp";
      if (!equal.has(needs) && !(item.table === "experiments" && equal.has("exp"))) {
        throw new NotCovered("a join on something else than ids");
      }
      if ([...equal].some((name) => !["exp", "run", "repo"].includes(name))) throw new NotCovered("this join");
      if (item.table === this.fact && tables.has("experiments") && tables.has("runs") && !equal.has("exp")) {
        throw new NotCovered("this join");
      }
    });
    // What follows from an id, and what is joined by it, is one row only where ids are not shared.
    const unique = uniqueIn(snapshot);
    if (!unique.experiments) throw new NotCovered("two experiments of one id");
    if (!unique.runs && this.#from.some(({ table }) => table === "runs")) throw new NotCovered("two runs of one id");
    return conditions;
  }

  /** The column that `a.exp = b.id` makes equal. */
  #joined(condition: Expression): string | undefined {
    if (condition.kind !== "binary" || condition.op !== "=") return undefined;
    const [a, b] = [this.resolve(condition.left), this.resolve(condition.right)];
    if (a === undefined || b === undefined || a.table === b.table) return undefined;
    const [x, y] = [a, b].map(({ table, column }) => table === "experiments" && column === "id" ? "exp" : column);
    return x === y && (x === "exp" || x === "run" || x === "repo") ? x : undefined;
  }

  /** The column that an expression is; undefined where it is something else, or no table has it. */
  resolve(expression: Expression): Resolved | undefined {
    if (expression.kind !== "column") return undefined;
    const { table, name } = expression;
    const dotted = this.read.dotted.find((column) => column.name === name);
    const found: Resolved[] = [];
    for (const item of this.#from) {
      if (table !== undefined && item.alias !== table) continue;
      if (dotted !== undefined) {
        if (dotted.table.name !== item.table) continue;
        found.push({ table: item.table, column: dotted.family, path: dotted.path, type: "" });
        continue;
      }
      const spec = tableOf(item.table)!.columns.find(([column]) => column === name.toLowerCase());
      if (spec !== undefined) found.push({ table: item.table, column: spec[0], path: undefined, type: spec[1] });
    }
    if (found.length > 1 && !this.#using.has(name.toLowerCase())) throw new NotCovered(`the ambiguous "${name}"`);
    return found[0];
  }

  /** A row's column of `points`. */
  column(expression: Expression): { readonly name: string; readonly type: NumberType } | undefined {
    const resolved = this.resolve(expression);
    if (resolved === undefined || resolved.table !== this.fact) return undefined;
    if (this.fact === "events") {
      // They are not in columns: what they are is for SQLite to see.
      const isShared = ["repo", "exp", "run", "log"].includes(resolved.column);
      return isShared ? undefined : { name: resolved.column, type: "unknown" };
    }
    if (this.fact !== "points") return undefined;
    const type = ROW_COLUMNS[resolved.column];
    return type === undefined ? undefined : { name: resolved.column, type };
  }

  /** The name of a column of the long table; undefined where the expression is something else. */
  ownColumn(expression: Expression): string | undefined {
    const resolved = this.resolve(expression);
    return resolved?.table === this.fact && resolved.path === undefined ? resolved.column : undefined;
  }

  dimension(expression: Expression): Dimension | undefined {
    const resolved = this.resolve(expression);
    if (resolved === undefined || this.column(expression) !== undefined) return undefined;
    const { table, column, path, type } = resolved;
    if (table === "experiments") {
      const cell = experimentCell(column, path);
      return { type, cell: (row: SeriesRow) => cell(row.log.run.exp) };
    }
    if (table === "runs") {
      const cell = runCell(column, path);
      return { type, cell: (row: SeriesRow) => cell(row.log.run) };
    }
    return { type, cell: seriesCell(column) };
  }

  parameter(name: string): Cell | bigint {
    return this.params[name];
  }

  level(expression: Expression): Level {
    if (expression.kind === "column") {
      if (this.column(expression) !== undefined) return "row";
      if (this.dimension(expression) !== undefined) return "dimension";
      throw new NotCovered(`the name "${expression.name}"`);
    }
    let level: Level = "constant";
    for (const child of childrenOf(expression)) {
      const other = this.level(child);
      if (ORDER.indexOf(other) > ORDER.indexOf(level)) level = other;
    }
    this.checkFunction(expression);
    return this.isAggregate(expression) ? "aggregate" : level;
  }

  /** Throws at a function that only SQLite can run, or only in its place. */
  checkFunction(expression: Expression): void {
    if (expression.kind !== "call") return;
    const { name } = expression;
    if (/^(random|randomblob|changes|total_changes|last_insert_rowid)$/.test(name)) {
      throw new NotCovered(`the function ${name}`);
    }
    if (OTHER_AGGREGATES.test(name)) throw new NotCovered(`the aggregate ${name}`);
  }

  isAggregate(expression: Expression): boolean {
    return expression.kind === "call" && AGGREGATES.has(expression.name) &&
      (expression.args.length === 1 || (expression.name === "count" && expression.args.length === 0));
  }

  /** How SQLite would type the number of an expression that is the same for all points of a series. */
  numberType(expression: Expression): NumberType {
    if (expression.kind === "number") return expression.isInteger ? "integer" : "real";
    // Numbers are bound as doubles.
    if (expression.kind === "parameter") return "real";
    if (expression.kind === "unary" && expression.op !== "NOT") return this.numberType(expression.operand);
    const column = this.dimension(expression);
    if (column === undefined) return "unknown";
    return column.type === "INTEGER" ? "integer" : column.type === "TEXT" ? "unknown" : "real";
  }

  /** Two expressions that mean the same have the same key. */
  key(expression: Expression): string {
    const resolved = this.resolve(expression);
    if (resolved !== undefined) return JSON.stringify([resolved.table, resolved.column, resolved.path ?? []]);
    const { start: _start, end: _end, ...rest } = expression as Expression & Record<string, unknown>;
    const own = Object.entries(rest).filter(([, value]) => typeof value !== "object");
    return JSON.stringify([own, childrenOf(expression).map((child) => this.key(child))]);
  }

  /** The tables whose rows a column chooses, as it is an id. */
  determines(expression: Expression): readonly string[] {
    const resolved = this.resolve(expression);
    if (resolved === undefined || resolved.path !== undefined) return [];
    if (resolved.column === "run") return ["runs", "experiments"];
    return resolved.column === "exp" || (resolved.table === "experiments" && resolved.column === "id")
      ? ["experiments"]
      : [];
  }

  /** The table of a column, for `determines`. */
  tableOf(expression: Expression): string | undefined {
    const resolved = this.resolve(expression);
    if (resolved?.table === this.fact && (resolved.column === "exp" || resolved.column === "repo")) {
      return "experiments";
    }
    if (resolved?.table === this.fact && resolved.column === "run") return "runs";
    return resolved?.table;
  }
}

/** Whether no two experiments, and no two runs, of a snapshot have one id. */
function uniqueIn(snapshot: Snapshot): { readonly experiments: boolean; readonly runs: boolean } {
  let unique = known.get(snapshot);
  if (unique === undefined) {
    const experiments = new Set(snapshot.experiments.map(({ experiment }) => experiment.id));
    const runs = new Set(snapshot.runs.map(({ run }) => run.id));
    unique = {
      experiments: experiments.size === snapshot.experiments.length,
      runs: runs.size === snapshot.runs.length,
    };
    known.set(snapshot, unique);
  }
  return unique;
}

const known = new WeakMap<Snapshot, { readonly experiments: boolean; readonly runs: boolean }>();

/** The conditions that AND joins. */
export function conjuncts(expression: Expression | undefined): Expression[] {
  if (expression === undefined) return [];
  if (expression.kind !== "binary" || expression.op !== "AND") return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}
