import { type PointColumn, prefetch, type SeriesRow } from "../index/series_table.ts";
import type { PointChunk } from "./loader.ts";
import { cannotMatch, chunksOf, filtered, orUndefined, Program, type Scanned } from "./program.ts";
import type { Chunk, Kernel } from "./vector_expression.ts";
import { itemOf, numberIn, type VectorPlan } from "./vector_plan.ts";

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
  const none = filters.length > 0 ? cannotMatch(plan) : undefined;
  prefetch(none === undefined ? rows : rows.filter((row) => !none(row)), columns);
  const isWhole = isComplete && areNumbers === true && plan.grouping === undefined && plan.notGrouped === undefined;
  const bound = isWhole ? orUndefined(() => topRows(plan, program, rows, columns, filters)) : undefined;
  const skips = (row: SeriesRow) => none?.(row) === true || bound?.skips(row) === true;
  for (const chunk of chunksOf(rows, columns, program, scanned, { skips })) {
    const { count, columns } = orUndefined(() => filtered(filters, chunk)) ?? chunk;
    const row = rows[chunk.series];
    if (bound === undefined) yield { row, count, columns };
    else yield { row, ...bound.rows({ ...chunk, count, columns }) };
  }
}

/** What the bound of an order leaves out. */
export interface TopRows {
  /** Whether no point of a series is within it. */
  skips(row: SeriesRow): boolean;
  /** The rows of a chunk that are within it. */
  rows(chunk: Chunk): { count: number; columns: Chunk["columns"] };
}

/**
 * Of ORDER BY a number LIMIT n, only rows that are no further back than the n-th can be needed: a first pass finds that
 * bound, and what is beyond it is left out.
 */
export function topRows(
  plan: VectorPlan,
  program: Program,
  rows: readonly SeriesRow[],
  names: readonly PointColumn[],
  filters: readonly Kernel[],
): TopRows | undefined {
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
  // The best that a series can have; those that have it come first, so that most others need no look.
  const leastOf = (row: SeriesRow): number => {
    if (column.name !== "value") return -Infinity;
    const least = row.numbers === 0 ? Infinity : rank(order.descending ? row.max : row.min);
    return row.numbers < row.count ? Math.min(least, rank(NaN)) : least;
  };
  const least = rows.map(leastOf);
  const byLeast = [...rows.keys()].sort((a, b) => least[a] - least[b]);
  const none = cannotMatch(plan);
  const skips = (row: SeriesRow) => leastOf(row) > bound || none?.(row) === true;
  const nothing = { series: 0, ofSeries: 0, points: 0 };
  for (const chunk of chunksOf(rows, names, program, nothing, { order: byLeast, skips })) {
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
  return {
    skips: (row) => leastOf(row) > bound,
    rows: ({ count, columns }) => {
      const values = columns[column.name];
      const kept: number[] = [];
      for (let i = 0; i < count; i++) if (rank(values[i]) <= bound) kept.push(i);
      const entries = Object.entries(columns).map(([name, all]) => [name, Float64Array.from(kept, (i) => all[i])]);
      return { count: kept.length, columns: Object.fromEntries(entries) };
    },
  };
}
