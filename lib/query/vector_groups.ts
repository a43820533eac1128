import type { Breather } from "../base/breather.ts";
import { prefetch, type SeriesRow } from "../index/series_table.ts";
import { type Accumulator, accumulatorOf } from "./accumulator.ts";
import type { Expression } from "./ast.ts";
import { type Cell, finiteOrInfinite } from "./result/cell.ts";
import { evaluateDimensions } from "./dimensions.ts";
import { answerOf, type GroupTable } from "./group_answer.ts";
import { Grouping } from "./grouping.ts";
import { NotCovered } from "./parse_select.ts";
import { cannotMatch, chunksOf, filtered, Program, type Scanned } from "./program.ts";
import type { Chosen } from "./series_columns.ts";
import type { Chunk, NumberType, Vector } from "./vector_expression.ts";
import type { VectorPlan } from "./vector_plan.ts";

/** The rows of a query with aggregates. */
export async function runGroups(
  plan: VectorPlan,
  chosen: Chosen,
  scanned: Scanned,
  breather: Breather,
): Promise<{ columns: string[]; rows: Cell[][] }> {
  const grouping = plan.grouping!;
  const { rows } = chosen;
  const accumulators = grouping.aggregates.map(({ name, arg }) =>
    accumulatorOf(name, arg === undefined, arg === undefined ? "integer" : typeOf(plan, arg))
  );
  const groups = new Grouping(grouping.groups.filter((group) => group.isRow).length);
  const dimensions = grouping.groups.filter((group) => !group.isRow).map((group) => group.expression);
  const outerOf = outerGroups(plan, groups, dimensions, chosen);
  if (plan.scope.fact === "metrics") overSeries(plan, chosen, accumulators, outerOf);
  else if (canSummarize(plan)) overSummaries(plan, rows, accumulators, outerOf);
  else await overPoints(plan, rows, accumulators, groups, outerOf, scanned, breather);
  const isSingle = grouping.groups.length === 0;
  const count = isSingle ? 1 : groups.count;
  const members = groups.series.map((series) => rows[series]);
  const outer = evaluateDimensions(dimensions, members, plan.scope);
  const dependents = evaluateDimensions(grouping.dependents, members, plan.scope);
  const table: GroupTable = { count, columns: [], types: [] };
  let [rowKey, dimension] = [0, 0];
  for (const { expression, isRow } of grouping.groups) {
    if (isRow) {
      const keys = groups.keys[rowKey++].filled;
      table.columns.push(Array.from(keys, finiteOrInfinite));
    } else {
      table.columns.push(outer[dimension++]);
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
  return answerOf(plan, grouping, table);
}

function typeOf(plan: VectorPlan, expression: Expression): NumberType {
  return plan.scope.column(expression)?.type ?? plan.scope.numberType(expression);
}

function sqlTypeOf({ scope }: VectorPlan, expression: Expression): string {
  return scope.resolve(expression)?.type ?? "";
}

/** A function from a series to the number of its group. */
function outerGroups(
  { scope }: VectorPlan,
  groups: Grouping,
  dimensions: readonly Expression[],
  { columns, index, rows }: Chosen,
): (series: number) => number {
  const texts = dimensions.length === 1 ? columns.codes(scope.ownColumn(dimensions[0]) ?? "") : undefined;
  if (texts !== undefined) {
    const { codes, words } = texts;
    const known = new Int32Array(words.length).fill(-1);
    return (series) => {
      const code = codes[index[series]];
      if (known[code] < 0) known[code] = groups.outerOfOne(series, words[code]);
      return known[code];
    };
  }
  const cells = evaluateDimensions(dimensions, rows, scope);
  return dimensions.length === 1
    ? (series) => groups.outerOfOne(series, cells[0][series])
    : (series) => groups.outer(series, cells.map((column) => column[series]));
}

/** `metrics`: a series is a row. */
function overSeries(
  plan: VectorPlan,
  chosen: Chosen,
  accumulators: readonly Accumulator[],
  outerOf: (series: number) => number,
): void {
  const count = chosen.rows.length;
  if (count === 0) return;
  const ids = new Int32Array(count);
  let most = 0;
  for (let series = 0; series < count; series++) {
    const id = ids[series] = outerOf(series);
    if (id > most) most = id;
  }
  plan.grouping!.aggregates.forEach(({ name, arg }, at) => {
    const values = arg === undefined ? 1 : numbersOf(plan, chosen, arg, name === "count");
    accumulators[at].addEach(ids, values, count, most);
  });
}

/** The numbers that an expression is for each series. Of a text only `count` can take note. */
function numbersOf(
  { scope }: VectorPlan,
  { columns, index, rows }: Chosen,
  arg: Expression,
  isCount: boolean,
): Float64Array {
  const values = new Float64Array(rows.length);
  const own = columns.numbers(scope.ownColumn(arg) ?? "");
  if (own !== undefined) {
    for (let i = 0; i < values.length; i++) values[i] = own[index[i]];
    return values;
  }
  const [cells] = evaluateDimensions([arg], rows, scope);
  for (let i = 0; i < values.length; i++) {
    const cell = cells[i];
    if (typeof cell === "string" && !isCount) throw new NotCovered("a text in an aggregate");
    values[i] = cell === null ? NaN : typeof cell === "string" ? 0 : cell;
  }
  return values;
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

async function overPoints(
  plan: VectorPlan,
  rows: readonly SeriesRow[],
  accumulators: readonly Accumulator[],
  groups: Grouping,
  outerOf: (series: number) => number,
  scanned: Scanned,
  breather: Breather,
): Promise<void> {
  const program = new Program(plan);
  const filters = plan.rowFilters.map((filter) => program.compile(filter));
  const keys = plan.grouping!.groups.filter((group) => group.isRow).map((group) => program.compile(group.expression));
  // Keys that are columns as they are, not scratch that is used again.
  const isOwn = plan.grouping!.groups.filter((group) => group.isRow)
    .map((group) => plan.scope.column(group.expression) !== undefined);
  const isCount = plan.grouping!.aggregates.map(({ name }) => name === "count");
  const args = plan.grouping!.aggregates.map(({ arg }, at) =>
    arg === undefined || (isCount[at] && plan.scope.level(arg) !== "row") ? undefined : program.compile(arg)
  );
  // How many there are of what is the same in a series is known without a kernel, whatever it is.
  const counted = plan.grouping!.aggregates.map(({ arg }, at) => (args[at] === undefined ? arg : undefined));
  const present = evaluateDimensions(counted.filter((arg) => arg !== undefined), rows, plan.scope);
  program.prepare(rows);
  const skips = cannotMatch(plan);
  prefetch(skips === undefined ? rows : rows.filter((row) => !skips(row)), program.columns);
  let ids = new Int32Array();
  let last: { readonly outer: number; readonly key: Vector; readonly count: number } | undefined;
  for (const chunk of chunksOf(rows, program.columns, program, scanned, { skips })) {
    if (breather.isDue) await breather.breathe();
    const { count, columns } = filtered(filters, chunk);
    if (count === 0) continue;
    const rest: Chunk = { ...chunk, count, columns };
    const outer = outerOf(chunk.series);
    if (keys.length > 0) {
      if (ids.length < count) ids = new Int32Array(count);
      const values = keys.map((key) => key.run(rest));
      // Series that were logged together share their columns of steps: their groups are known then.
      const isKnown = values.length === 1 && isOwn[0] && filters.length === 0 && last?.outer === outer &&
        last.key === values[0] && last.count === count;
      if (!isKnown) groups.each(outer, values, count, ids);
      last = { outer, key: values[0], count };
    }
    let next = 0;
    args.forEach((arg, at) => {
      const constant = counted[at] === undefined ? 1 : present[next++][chunk.series] === null ? NaN : 1;
      const values: Vector = arg === undefined ? constant : arg.run(rest);
      if (keys.length === 0) accumulators[at].addAll(outer, values, count);
      else accumulators[at].addEach(ids, values, count, groups.count);
    });
  }
}
