import { DatabaseSync } from "node:sqlite";
import { columnsOf, type PointColumn, prefetch, type SeriesRow } from "../index/series_table.ts";
import { type Accumulator, accumulatorOf } from "./accumulator.ts";
import { childrenOf, type Expression } from "./ast.ts";
import { BulkInsert } from "./bulk_insert.ts";
import { type Cell, finiteOrInfinite } from "./cell.ts";
import { evaluateDimensions, isTrue, splice } from "./dimensions.ts";
import { addFunctions } from "./functions.ts";
import { Grouping } from "./grouping.ts";
import type { PointChunk } from "./loader.ts";
import { NotCovered } from "./parse_select.ts";
import { quoteName } from "./quote.ts";
import {
  type Chunk,
  compile,
  type Kernel,
  type NumberType,
  type Resolver,
  Scratch,
  type Vector,
} from "./vector_expression.ts";
import { type GroupPlan, itemOf, type Reference, type VectorPlan } from "./vector_plan.ts";

/** What a query looked at. */
export interface Scanned {
  /** Series that its conditions chose, of how many. */
  readonly series: number;
  readonly ofSeries: number;
  /** Points that were looked at; 0 where what is known of whole series was enough. */
  points: number;
}

/** The series that a query can need. */
export function chooseSeries(plan: VectorPlan, rows: readonly SeriesRow[]): readonly SeriesRow[] {
  if (plan.seriesFilters.length === 0) return rows;
  let chosen = rows;
  for (const filter of plan.seriesFilters) {
    const [cells] = evaluateDimensions([filter], chosen, plan.scope);
    chosen = chosen.filter((_, at) => isTrue(cells[at]));
  }
  return chosen;
}

/** Kernels over the rows of series, with the constants that they need. */
class Program {
  readonly #constants: Expression[] = [];
  readonly #columns = new Set<PointColumn>();
  #values: readonly (readonly Cell[])[] = [];
  readonly scratch = new Scratch();
  readonly #resolver: Resolver;

  constructor(readonly plan: VectorPlan) {
    const { scope } = plan;
    this.#resolver = {
      column: (expression) => {
        const column = scope.column(expression);
        if (column !== undefined) this.#columns.add(column.name as PointColumn);
        return column;
      },
      constant: (expression) => {
        const level = scope.level(expression);
        if (level !== "constant" && level !== "dimension") return undefined;
        return { index: this.#constants.push(expression) - 1, type: scope.numberType(expression) };
      },
    };
  }

  compile(expression: Expression): Kernel {
    return compile(expression, this.#resolver);
  }

  get columns(): PointColumn[] {
    return [...this.#columns];
  }

  /** Computes the constants for each of some series. */
  prepare(rows: readonly SeriesRow[]): void {
    this.#values = evaluateDimensions(this.#constants, rows, this.plan.scope);
  }

  /** The constants for a series. */
  constants(at: number): Float64Array {
    return Float64Array.from(this.#values, (cells) => {
      const cell = cells[at];
      if (typeof cell === "string") throw new NotCovered("a text among numbers");
      return cell ?? NaN;
    });
  }
}

/** The rows of a series that conditions choose, with their columns; `undefined`: all of them. */
function filtered(filters: readonly Kernel[], chunk: Chunk): { count: number; columns: Chunk["columns"] } {
  const { count, columns } = chunk;
  if (filters.length === 0) return { count, columns };
  let keep: Float64Array | undefined;
  for (const filter of filters) {
    const test = filter.run(chunk);
    if (typeof test === "number") {
      if (test !== test || test === 0) return { count: 0, columns };
      continue;
    }
    if (keep === undefined) keep = test.slice();
    else for (let i = 0; i < count; i++) if (test[i] !== test[i] || test[i] === 0) keep[i] = 0;
  }
  if (keep === undefined) return { count, columns };
  let kept = 0;
  const chosen = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    chosen[kept] = i;
    if (keep[i] === keep[i] && keep[i] !== 0) kept++;
  }
  if (kept === count) return { count, columns };
  const less: Record<string, Float64Array> = {};
  for (const [name, column] of Object.entries(columns)) {
    const gathered = less[name] = new Float64Array(kept);
    for (let i = 0; i < kept; i++) gathered[i] = column[chosen[i]];
  }
  return { count: kept, columns: less };
}

/**
 * The points that SQLite has to look at: those that the conditions of a plan choose, as far as columns can tell, and of an
 * answer with a limit only those that can be in it.
 */
export function* chosenPoints(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  names: readonly PointColumn[],
  scanned: Scanned,
): Generator<PointChunk> {
  const program = new Program(plan);
  let filters = plan.rowFilters.map((filter) => orUndefined(() => program.compile(filter)))
    .filter((filter) => filter !== undefined);
  const isComplete = filters.length === plan.rowFilters.length;
  const areNumbers = orUndefined(() => {
    program.prepare(rows);
    for (let series = 0; series < rows.length; series++) program.constants(series);
    return true;
  });
  if (areNumbers !== true) filters = [];
  const columns = [...new Set([...program.columns, ...names])];
  prefetch(rows, columns);
  const isWhole = isComplete && areNumbers === true && plan.grouping === undefined && plan.notGrouped === undefined;
  const bound = isWhole ? orUndefined(() => topRows(plan, program, rows, columns, filters)) : undefined;
  for (const chunk of chunksOf(rows, columns, program, scanned)) {
    const { count, columns } = orUndefined(() => filtered(filters, chunk)) ?? chunk;
    const row = rows[chunk.series];
    if (bound === undefined) yield { row, count, columns };
    else yield { row, ...bound({ ...chunk, count, columns }) };
  }
}

/** What a function gives; undefined where only SQLite can do it. */
function orUndefined<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    if (error instanceof NotCovered) return undefined;
    throw error;
  }
}

function* chunksOf(
  rows: readonly SeriesRow[],
  names: readonly PointColumn[],
  program: Program,
  scanned: Scanned,
): Generator<Chunk & { readonly series: number }> {
  for (let series = 0; series < rows.length; series++) {
    const constants = orUndefined(() => program.constants(series)) ?? new Float64Array();
    for (const { count, columns } of columnsOf(rows[series], names)) {
      program.scratch.reset();
      scanned.points += count;
      const named: Record<string, Float64Array> = {};
      for (let i = 0; i < names.length; i++) named[names[i]] = columns[i];
      yield { count, columns: named, constants, scratch: program.scratch, series };
    }
  }
}

/**
 * Of ORDER BY a number LIMIT n, only rows that are no further back than the n-th can be needed: a first pass finds that
 * bound, and what is beyond it is left out.
 */
function topRows(
  plan: VectorPlan,
  program: Program,
  rows: readonly SeriesRow[],
  names: readonly PointColumn[],
  filters: readonly Kernel[],
): ((chunk: Chunk) => { count: number; columns: Chunk["columns"] }) | undefined {
  const { select, scope } = plan;
  const most = numberIn(plan, select.limit) + (select.offset === undefined ? 0 : numberIn(plan, select.offset));
  const [order] = select.orderBy;
  if (order === undefined || select.distinct || !(most > 0 && most <= 100_000)) return undefined;
  const meant = itemOf(order.expression, select, scope) ?? order.expression;
  const column = scope.column(meant);
  if (column === undefined || !names.includes(column.name as PointColumn)) return undefined;
  const nullsLast = order.nullsLast ?? order.descending;
  // The order as numbers, least first.
  const rank = (x: number) => x !== x ? (nullsLast ? Infinity : -Infinity) : order.descending ? 0 - x : x;
  const best = new Float64Array(most * 2 + 1024);
  let filled = 0;
  let bound = Infinity;
  for (const chunk of chunksOf(rows, names, program, { series: 0, ofSeries: 0, points: 0 })) {
    const { count, columns } = filtered(filters, chunk);
    const values = columns[column.name];
    for (let i = 0; i < count; i++) {
      const value = rank(values[i]);
      if (value > bound) continue;
      best[filled++] = value;
      if (filled < best.length) continue;
      best.sort();
      filled = most;
      bound = best[most - 1];
    }
  }
  best.subarray(0, filled).sort();
  if (filled < most) return undefined;
  bound = best[most - 1];
  return ({ count, columns }) => {
    const values = columns[column.name];
    const kept: number[] = [];
    for (let i = 0; i < count; i++) if (rank(values[i]) <= bound) kept.push(i);
    const entries = Object.entries(columns).map(([name, all]) => [name, Float64Array.from(kept, (i) => all[i])]);
    return { count: kept.length, columns: Object.fromEntries(entries) };
  };
}

/** The whole number that LIMIT or OFFSET is; NaN where it is something else. */
function numberIn(plan: VectorPlan, expression: Expression | undefined): number {
  if (expression === undefined) return NaN;
  const value = expression.kind === "number"
    ? expression.value
    : expression.kind === "parameter"
    ? plan.scope.parameter(expression.name)
    : NaN;
  return typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : NaN;
}

/** The rows of a query with aggregates. */
export function runGroups(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  scanned: Scanned,
): { columns: string[]; rows: Cell[][] } {
  const grouping = plan.grouping!;
  const accumulators = grouping.aggregates.map(({ name, arg }) =>
    accumulatorOf(name, arg === undefined, arg === undefined ? "integer" : typeOf(plan, arg))
  );
  const groups = new Grouping(grouping.groups.filter((group) => group.isRow).length);
  const outer = evaluateDimensions(
    grouping.groups.filter((group) => !group.isRow).map((group) => group.expression),
    rows,
    plan.scope,
  );
  const outerOf = (series: number) => groups.outer(series, outer.map((cells) => cells[series]));
  if (plan.scope.fact === "metrics") overSeries(plan, rows, accumulators, outerOf);
  else if (canSummarize(plan)) overSummaries(plan, rows, accumulators, outerOf);
  else overPoints(plan, rows, accumulators, groups, outerOf, scanned);
  const isSingle = grouping.groups.length === 0;
  const count = isSingle ? 1 : groups.count;
  const dependents = evaluateDimensions(grouping.dependents, groups.series.map((series) => rows[series]), plan.scope);
  const table: GroupTable = { count, columns: [], types: [] };
  let [rowKey, dimension] = [0, 0];
  for (const { expression, isRow } of grouping.groups) {
    if (isRow) {
      const keys = groups.keys[rowKey++].filled;
      table.columns.push(Array.from(keys, finiteOrInfinite));
    } else {
      const cells = outer[dimension++];
      table.columns.push(groups.series.map((series) => cells[series]));
    }
    table.types.push(sqlTypeOf(plan, expression));
  }
  grouping.dependents.forEach((expression, at) => {
    table.columns.push(dependents[at]);
    table.types.push(sqlTypeOf(plan, expression));
  });
  for (const accumulator of accumulators) {
    table.columns.push(Array.from({ length: count }, (_, group) => finiteOrInfinite(accumulator.result(group) + 0)));
    table.types.push("");
  }
  return shown(plan, grouping, table) ?? bySqlite(plan, grouping, table);
}

function typeOf(plan: VectorPlan, expression: Expression): NumberType {
  return plan.scope.column(expression)?.type ?? plan.scope.numberType(expression);
}

function sqlTypeOf({ scope }: VectorPlan, expression: Expression): string {
  return scope.resolve(expression)?.type ?? "";
}

/** `metrics`: a series is a row. */
function overSeries(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  accumulators: readonly Accumulator[],
  outerOf: (series: number) => number,
): void {
  const ids = Int32Array.from(rows, (_, series) => outerOf(series));
  const args = plan.grouping!.aggregates.map(({ arg }) => arg);
  const cells = evaluateDimensions(args.filter((arg) => arg !== undefined), rows, plan.scope);
  let next = 0;
  args.forEach((arg, at) => {
    const values = new Float64Array(rows.length);
    if (arg !== undefined) {
      const own = cells[next++];
      const isCount = plan.grouping!.aggregates[at].name === "count";
      for (let i = 0; i < values.length; i++) {
        const cell = own[i];
        if (typeof cell === "string" && !isCount) throw new NotCovered("a text in an aggregate");
        values[i] = cell === null ? NaN : typeof cell === "string" ? 0 : cell;
      }
    }
    if (rows.length > 0) accumulators[at].addEach(ids, values, rows.length);
  });
}

/** Whether what is known of whole series answers the query. */
function canSummarize({ rowFilters, grouping, scope }: VectorPlan): boolean {
  return rowFilters.length === 0 && grouping!.groups.every((group) => !group.isRow) &&
    grouping!.aggregates.every(({ name, arg }) =>
      arg === undefined ||
      (scope.column(arg)?.name === "value" && ["count", "sum", "total", "avg", "min", "max"].includes(name))
    );
}

function overSummaries(
  { grouping }: VectorPlan,
  rows: readonly SeriesRow[],
  accumulators: readonly Accumulator[],
  outerOf: (series: number) => number,
): void {
  rows.forEach((row, series) => {
    const group = outerOf(series);
    accumulators.forEach((accumulator, at) => {
      if (grouping!.aggregates[at].arg === undefined) accumulator.addAll(group, 1, row.count);
      else accumulator.addSummary!(group, row);
    });
  });
}

function overPoints(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  accumulators: readonly Accumulator[],
  groups: Grouping,
  outerOf: (series: number) => number,
  scanned: Scanned,
): void {
  const program = new Program(plan);
  const filters = plan.rowFilters.map((filter) => program.compile(filter));
  const keys = plan.grouping!.groups.filter((group) => group.isRow).map((group) => program.compile(group.expression));
  const isCount = plan.grouping!.aggregates.map(({ name }) => name === "count");
  const args = plan.grouping!.aggregates.map(({ arg }, at) =>
    arg === undefined || (isCount[at] && plan.scope.level(arg) !== "row") ? undefined : program.compile(arg)
  );
  // How many there are of what is the same in a series is known without a kernel, whatever it is.
  const counted = plan.grouping!.aggregates.map(({ arg }, at) => (args[at] === undefined ? arg : undefined));
  const present = evaluateDimensions(counted.filter((arg) => arg !== undefined), rows, plan.scope);
  program.prepare(rows);
  prefetch(rows, program.columns);
  let ids = new Int32Array();
  for (const chunk of chunksOf(rows, program.columns, program, scanned)) {
    const { count, columns } = filtered(filters, chunk);
    if (count === 0) continue;
    const rest: Chunk = { ...chunk, count, columns };
    const outer = outerOf(chunk.series);
    if (keys.length > 0) {
      if (ids.length < count) ids = new Int32Array(count);
      groups.each(outer, keys.map((key) => key.run(rest)), count, ids);
    }
    let next = 0;
    args.forEach((arg, at) => {
      const constant = counted[at] === undefined ? 1 : present[next++][chunk.series] === null ? NaN : 1;
      const values: Vector = arg === undefined ? constant : arg.run(rest);
      if (keys.length === 0) accumulators[at].addAll(outer, values, count);
      else accumulators[at].addEach(ids, values, count);
    });
  }
}

/** The groups as a table: keys, what follows from them, aggregates. */
interface GroupTable {
  readonly count: number;
  readonly columns: Cell[][];
  /** Types in SQLite. */
  readonly types: string[];
}

function at(grouping: GroupPlan, { kind, index }: Reference): number {
  return kind === "group" ? index : grouping.groups.length + grouping.dependents.length + index;
}

/** The names of the columns of the answer, as SQLite gives them. */
export function namesOf({ select, scope }: VectorPlan): string[] {
  return select.items.map(({ alias, expression }) => {
    if (alias !== undefined) return alias;
    const resolved = scope.resolve(expression);
    if (resolved === undefined) return scope.sql.slice(expression.start, expression.end);
    return resolved.path === undefined ? resolved.column : (expression as { name: string }).name;
  });
}

/** The answer, where it is made of columns of the table alone; undefined where something is computed with them. */
function shown(
  plan: VectorPlan,
  grouping: GroupPlan,
  table: GroupTable,
): { columns: string[]; rows: Cell[][] } | undefined {
  const { select, scope } = plan;
  if (select.having !== undefined || select.distinct) return undefined;
  const places = select.items.map(({ expression }) => grouping.reference(expression));
  const orders = select.orderBy.map(({ expression, descending, nullsLast }) => ({
    place: grouping.reference(itemOf(expression, select, scope) ?? expression),
    descending,
    nullsLast: nullsLast ?? descending,
  }));
  const limit = select.limit === undefined ? Infinity : numberIn(plan, select.limit);
  const offset = select.offset === undefined ? 0 : numberIn(plan, select.offset);
  if (Number.isNaN(limit) || Number.isNaN(offset)) return undefined;
  if (places.includes(undefined) || orders.some(({ place }) => place === undefined)) return undefined;
  let order = Array.from({ length: table.count }, (_, group) => group);
  for (const { place, descending, nullsLast } of orders.toReversed()) {
    const cells = table.columns[at(grouping, place!)];
    if (cells.some((cell) => typeof cell === "string" && /[\ud800-\udfff]/.test(cell))) return undefined;
    order.sort((a, b) => compareCells(cells[a], cells[b], descending, nullsLast));
  }
  order = order.slice(offset, offset + limit);
  const columns = places.map((place) => table.columns[at(grouping, place!)]);
  return { columns: namesOf(plan), rows: order.map((group) => columns.map((cells) => cells[group])) };
}

/** As SQLite orders: NULL, numbers, texts. */
function compareCells(a: Cell, b: Cell, descending: boolean, nullsLast: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  if (a === b) return 0;
  const less = typeof a === typeof b ? a < b : typeof a === "number";
  return less === descending ? 1 : -1;
}

/** The answer where SQLite has to compute it, over the table of groups. */
function bySqlite(plan: VectorPlan, grouping: GroupPlan, table: GroupTable): { columns: string[]; rows: Cell[][] } {
  const { select, scope } = plan;
  const sql = scope.sql;
  using db = new DatabaseSync(":memory:");
  addFunctions(db);
  const definitions = table.types.map((type, index) => `_g${index} ${type}`);
  if (definitions.length === 0) definitions.push("nothing");
  db.exec(`CREATE TABLE _groups (${definitions.join(", ")}); BEGIN`);
  const insert = new BulkInsert(db, "_groups", definitions.length);
  for (let group = 0; group < table.count; group++) {
    insert.add(...table.columns.length === 0 ? [null] : table.columns.map((cells) => cells[group]));
  }
  insert.flush();
  const replace = (part: Expression): string | undefined => {
    const reference = grouping.reference(part);
    return reference === undefined ? undefined : `_g${at(grouping, reference)}`;
  };
  const names = namesOf(plan);
  const items = select.items.map(({ expression }, index) =>
    `${splice(sql, expression, replace)} AS ${quoteName(names[index])}`
  );
  let text = `SELECT ${select.distinct ? "DISTINCT " : ""}${items.join(", ")} FROM _groups`;
  if (select.having !== undefined) text += ` WHERE ${splice(sql, select.having, replace)}`;
  const orders = select.orderBy.map(({ expression, descending, nullsLast }) => {
    const nulls = nullsLast === undefined ? "" : nullsLast ? " NULLS LAST" : " NULLS FIRST";
    return splice(sql, expression, replace) + (descending ? " DESC" : "") + nulls;
  });
  if (orders.length > 0) text += ` ORDER BY ${orders.join(", ")}`;
  if (select.limit !== undefined) text += ` LIMIT ${sql.slice(select.limit.start, select.limit.end)}`;
  if (select.offset !== undefined) text += ` OFFSET ${sql.slice(select.offset.start, select.offset.end)}`;
  const used = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "parameter") used.add(expression.name);
    if (replace(expression) === undefined) childrenOf(expression).forEach(visit);
  };
  const all = [...select.items, ...select.orderBy].map(({ expression }) => expression);
  for (const expression of [...all, select.having, select.limit, select.offset]) if (expression) visit(expression);
  try {
    const statement = db.prepare(text);
    (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
    const bound = Object.fromEntries(Array.from(used, (name) => [name, scope.parameter(name)]));
    return { columns: names, rows: statement.all(bound) as unknown as Cell[][] };
  } catch (error) {
    throw new NotCovered(String(error));
  }
}
