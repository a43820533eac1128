import { columnsOf, type PointColumn, type SeriesRow } from "../index/series_table.ts";
import type { Expression } from "./ast.ts";
import type { Cell } from "./result/cell.ts";
import { compileDimension, evaluateDimensions, isTrue } from "./dimensions.ts";
import { NotCovered } from "./parse_select.ts";
import type { Chosen } from "./series_columns.ts";
import { type Chunk, compile, type Kernel, type Resolver, Scratch } from "./vector_expression.ts";
import type { VectorPlan } from "./vector_plan.ts";

/** What a query looked at. */
export interface Scanned {
  /** Series that its conditions chose, of how many. */
  readonly series: number;
  readonly ofSeries: number;
  /** Points that were looked at; 0 where what is known of whole series was enough. */
  points: number;
}

/** The series that a query can need. */
export function chooseSeries(plan: VectorPlan, all: Chosen): Chosen {
  return plan.seriesFilters.reduce((chosen, filter) => narrowed(chosen, testOf(filter, plan, chosen)), all);
}

/** Whether the series at a place of the chosen ones meets a condition. */
function testOf(filter: Expression, { scope }: VectorPlan, { columns, index, rows }: Chosen): (at: number) => boolean {
  if (filter.kind === "binary" && filter.op === "=" && filter.right.kind === "text") {
    const found = columns.codes(scope.ownColumn(filter.left) ?? "");
    if (found !== undefined) {
      const { codes } = found;
      const wanted = found.words.indexOf(filter.right.value);
      return (at) => codes[index[at]] === wanted;
    }
  }
  const test = compileDimension(filter, scope);
  if (test !== undefined) return (at) => isTrue(test(rows[at]));
  const [cells] = evaluateDimensions([filter], rows, scope);
  return (at) => isTrue(cells[at]);
}

function narrowed({ columns, index, rows }: Chosen, test: (at: number) => boolean): Chosen {
  const kept = new Int32Array(index.length);
  let count = 0;
  for (let at = 0; at < index.length; at++) if (test(at)) kept[count++] = at;
  return {
    columns,
    index: kept.subarray(0, count).map((at) => index[at]),
    rows: Array.from({ length: count }, (_, at) => rows[kept[at]]),
  };
}

/** Whether no point of a series can meet a condition on its value, as its least and greatest value tell. */
export function cannotMatch({ rowFilters, scope }: VectorPlan): ((row: SeriesRow) => boolean) | undefined {
  const tests: ((row: SeriesRow) => boolean)[] = [];
  for (const filter of rowFilters) {
    if (filter.kind !== "binary" || filter.right.kind !== "number") continue;
    if (scope.column(filter.left)?.name !== "value") continue;
    const { value } = filter.right;
    if (filter.op === ">") tests.push((row) => !(row.max > value));
    else if (filter.op === ">=") tests.push((row) => !(row.max >= value));
    else if (filter.op === "<") tests.push((row) => !(row.min < value));
    else if (filter.op === "<=") tests.push((row) => !(row.min <= value));
    else if (filter.op === "=") tests.push((row) => !(row.min <= value && row.max >= value));
  }
  return tests.length === 0 ? undefined : (row) => tests.some((test) => test(row));
}

/** Kernels over the rows of series, with the constants that they need. */
export class Program {
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
export function filtered(filters: readonly Kernel[], chunk: Chunk): { count: number; columns: Chunk["columns"] } {
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

/** What a function gives; undefined where only SQLite can do it. */
export function orUndefined<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch (error) {
    if (error instanceof NotCovered) return undefined;
    throw error;
  }
}

/** The parts of series, one after the other, as chunks for kernels. */
export function* chunksOf(
  rows: readonly SeriesRow[],
  names: readonly PointColumn[],
  program: Program,
  scanned: Scanned,
  options: { readonly order?: Iterable<number>; readonly skips?: (row: SeriesRow) => boolean } = {},
): Generator<Chunk & { readonly series: number }> {
  for (const series of options.order ?? rows.keys()) {
    if (options.skips?.(rows[series])) continue;
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
