import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { QueryValue } from "../query/result/answer.ts";
import { askCurves } from "../query/curves/ask_curves.ts";
import { type Curve, CURVE_AGGREGATES, type CurveAggregate, type CurveSelector } from "../query/curves/curves.ts";
import type { Context, Parsed } from "./command.ts";
import { drawCurves } from "./curve_plot.ts";
import { filterOf } from "./experiment_filter.ts";
import { outputFile } from "./output_file.ts";
import { flag, number, text } from "./parse.ts";
import { BadLines, warnOfLines, warnOfProblems } from "./problems.ts";
import { type RowFormat, writeRows } from "./rows_print.ts";
import { saveCatalogues } from "./listings.ts";
import { indexProgress } from "./progress.ts";
import { openSources, theServer } from "./sources.ts";
import { whole } from "./whole.ts";

/** Prints or draws curves. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const selector = selectorOf(parsed);
  const server = await theServer(context);
  if (server !== undefined) {
    const how = { all: flag(parsed, "all"), signal: context.signal };
    return await show(context, parsed, selector, await server.series(selector, how));
  }
  const sources = await openSources(context);
  const badLines = new BadLines();
  const curves = await askCurves(sources, selector, {
    signal: context.signal,
    now: context.now,
    all: flag(parsed, "all"),
    onProblem: badLines.add,
    onProgress: indexProgress(context),
    onSnapshot: () => badLines.count = 0,
  });
  saveCatalogues(sources);
  for (const { repository } of sources) warnOfProblems(context, repository);
  warnOfLines(context, badLines.count);
  return await show(context, parsed, selector, curves);
}

async function show(
  context: Context,
  parsed: Parsed,
  selector: CurveSelector,
  curves: readonly Curve[],
): Promise<number> {
  if (flag(parsed, "plot")) {
    if (curves.length === 0) context.stderr.write("dbx: no experiment is like that\n");
    else context.stdout.write(drawCurves(context, curves));
    return 0;
  }
  const format = flag(parsed, "json") ? "json" : (text(parsed, "format") ?? "table") as RowFormat;
  using output = outputFile(context, text(parsed, "output"));
  const columns = columnsOf(selector, curves);
  const { labels, coordinates, x, y } = columns;
  await writeRows(output.out, format, [...labels, ...coordinates, x, ...y], rowsOf(curves, columns));
  return 0;
}

function selectorOf(parsed: Parsed): CurveSelector {
  const names = (name: string) => text(parsed, name)?.split(",").map((item) => item.trim());
  const aggregates = names("agg");
  for (const name of aggregates ?? []) {
    if (CURVE_AGGREGATES.includes(name as CurveAggregate)) continue;
    const hint = didYouMean(name, CURVE_AGGREGATES) || `: ${CURVE_AGGREGATES.join(", ")}`;
    throw new UsageError(`Cannot use "${name}" as --agg: there is no such aggregate${hint}`);
  }
  const groupBy = names("group-by");
  if (aggregates !== undefined && groupBy === undefined) {
    throw new UsageError("Cannot use --agg without --group-by: it says what is one curve");
  }
  return {
    series: parsed.positionals[0],
    ...filterOf(parsed),
    x: text(parsed, "x"),
    smooth: number(parsed, "smooth"),
    groupBy,
    aggregates: aggregates as CurveAggregate[] | undefined,
    points: whole(parsed, "points", undefined),
  };
}

/** The columns of curves as rows: what tells them apart, coordinates that differ within a curve, x, and values. */
function columnsOf(
  { x = "step", groupBy, aggregates = ["mean", "std"] }: CurveSelector,
  curves: readonly Curve[],
) {
  return {
    labels: groupBy === undefined ? ["exp", "run", "log", "series"] : ["series", ...groupBy],
    coordinates: [...new Set(curves.flatMap((curve) => Object.keys(curve.coordinates)))].sort(),
    x,
    y: groupBy === undefined ? ["value"] : aggregates,
  };
}

/** The rows of each curve. */
function* rowsOf(
  curves: readonly Curve[],
  { labels, coordinates, y }: ReturnType<typeof columnsOf>,
): Generator<QueryValue[][]> {
  for (const curve of curves) {
    const head = labels.map((name) => curve.labels[name]);
    const numbers = coordinates.map((name) => curve.coordinates[name]);
    yield Array.from(curve.x, (x, at) => {
      const where = numbers.map((column) => column === undefined || Number.isNaN(column[at]) ? null : column[at]);
      return [...head, ...where, x, ...y.map((name) => curve.y[name][at])];
    });
  }
}
