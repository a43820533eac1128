import type { Breather } from "../base/breather.ts";
import { Growable } from "../index/growable.ts";
import { prefetch, type SeriesRow } from "../index/series_table.ts";
import type { Expression } from "./ast.ts";
import { type Cell, finiteOrInfinite } from "./result/cell.ts";
import { evaluateDimensions } from "./dimensions.ts";
import { isOrderable, sorted } from "./order.ts";
import { NotCovered } from "./parse_select.ts";
import { cannotMatch, chunksOf, filtered, Program, type Scanned } from "./program.ts";
import { topRows } from "./pushdown.ts";
import type { Kernel } from "./vector_expression.ts";
import { itemOf, namesOf, numberIn, type VectorPlan } from "./vector_plan.ts";

/** A column of the rows: the same in all rows of a series, or a number of each. */
type ScanColumn =
  | { readonly kind: "series"; cells: readonly Cell[] }
  | { readonly kind: "row"; readonly kernel: Kernel; readonly numbers: Growable; readonly showsNaN: boolean };

/** Whether an expression is a number of a series as it is: what lacks there is NaN. */
function isNumber({ scope }: VectorPlan, expression: Expression): boolean {
  const column = scope.resolve(expression);
  return column?.table === "metrics" && !scope.read.mixesNulls &&
    ["first", "last", "min", "max", "mean"].includes(column.column);
}

/** More rows than this are left to SQLite, which need not hold them all at once. */
const MOST_ROWS = 20_000_000;

/** The rows of a query without aggregates: points (or series) themselves, chosen, computed with, ordered and cut off. */
export async function runScan(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  scanned: Scanned,
  breather: Breather,
): Promise<{ columns: string[]; rows: Iterable<Cell[]> }> {
  const { select, scope } = plan;
  if (select.distinct) throw new NotCovered("DISTINCT");
  const limit = select.limit === undefined ? Infinity : numberIn(plan, select.limit);
  const offset = select.offset === undefined ? 0 : numberIn(plan, select.offset);
  if (Number.isNaN(limit) || Number.isNaN(offset)) throw new NotCovered("this LIMIT");
  const program = new Program(plan);
  const filters = plan.rowFilters.map((filter) => program.compile(filter));
  const columnOf = (expression: Expression): ScanColumn => {
    if (scope.level(expression) !== "row") {
      const [cells] = evaluateDimensions([expression], rows, scope);
      return { kind: "series", cells: isNumber(plan, expression) ? cells.map((cell) => cell ?? NaN) : cells };
    }
    // NaN is NULL where it is computed with, and itself where it is shown.
    const showsNaN = scope.column(expression)?.name === "value" && !plan.scope.read.mixesNulls;
    return { kind: "row", kernel: program.compile(expression), numbers: new Growable(), showsNaN };
  };
  const items = select.items.map(({ expression }) => columnOf(expression));
  const orders = select.orderBy.map(({ expression, descending, nullsLast }) => {
    const column = columnOf(itemOf(expression, select, scope) ?? expression);
    if (column.kind === "series" && !isOrderable(column.cells)) throw new NotCovered("the order of these texts");
    return { column, descending, nullsLast: nullsLast ?? descending };
  });
  const series = new Growable();
  if (scope.fact === "metrics") rows.forEach((_, at) => series.push(at));
  else {
    program.prepare(rows);
    const none = cannotMatch(plan);
    prefetch(none === undefined ? rows : rows.filter((row) => !none(row)), program.columns);
    const bound = topRows(plan, program, rows, program.columns, filters);
    const kernels = [...items, ...orders.map(({ column }) => column)].filter((column) => column.kind === "row");
    // Without an order, the first rows will do.
    const enough = orders.length === 0 ? limit + offset : MOST_ROWS;
    const skips = (row: SeriesRow) => none?.(row) === true || bound?.skips(row) === true;
    for (const chunk of chunksOf(rows, program.columns, program, scanned, { skips })) {
      if (breather.isDue) await breather.breathe();
      const some = filtered(filters, chunk);
      const { count, columns } = bound === undefined ? some : bound.rows({ ...chunk, ...some });
      for (let i = 0; i < count; i++) series.push(chunk.series);
      for (const { kernel, numbers } of kernels) {
        const values = kernel.run({ ...chunk, count, columns });
        for (let i = 0; i < count; i++) numbers.push(typeof values === "number" ? values : values[i]);
      }
      if (series.length >= enough) break;
      if (series.length > MOST_ROWS) throw new NotCovered("so many rows");
    }
  }
  const cell = (column: ScanColumn, row: number): Cell => {
    if (column.kind === "series") return column.cells[series.data[row]];
    const value = column.numbers.data[row];
    return column.showsNaN ? value : finiteOrInfinite(value + 0);
  };
  const count = series.length;
  const keys = orders.map(({ column, descending, nullsLast }) => {
    const cells = Array.from({ length: count }, (_, row) => {
      const key = cell(column, row);
      return Number.isNaN(key) ? null : key;
    });
    return { cells, descending, nullsLast };
  });
  const shown = keys.length === 0
    ? Array.from({ length: Math.max(0, Math.min(count, offset + limit) - offset) }, (_, row) => offset + row)
    : sorted(count, keys, offset + limit).slice(offset);
  return {
    columns: namesOf(plan),
    rows: { [Symbol.iterator]: () => shown.values().map((row) => items.map((column) => cell(column, row))) },
  };
}
