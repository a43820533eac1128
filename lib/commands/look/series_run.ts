import { UsageError } from "../../base/errors.ts";
import { isSystemSeries } from "../../format/events/series_key.ts";
import { didYouMean } from "../../base/suggest.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import { type ExperimentList, listExperiments, type ListRequest } from "../../query/list/list.ts";
import { queryCurves } from "../../query/curves/query_curves.ts";
import { curveColumns, curveRows } from "../../query/curves/curve_rows.ts";
import { type Curve, CURVE_AGGREGATES, type CurveAggregate, type CurveSelector } from "../../query/curves/curve.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./series.ts";
import { drawCurves } from "./view/curve_plot.ts";
import { filterOf } from "./experiment_filter.ts";
import { outputFile } from "../../cli/output_file.ts";
import { BadLines } from "../../cli/repository/problems.ts";
import type { Result } from "../../terminal/result.ts";
import { endQuestion } from "../../cli/repository/listings.ts";
import { indexProgress } from "../../cli/index_progress.ts";

/** Prints or draws curves. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result | number> {
  if (parsed.options.plot) refusePrinting(parsed);
  const selector = selectorOf(parsed);
  const server = await context.onlyServer();
  if (server !== undefined) {
    const how = { all: parsed.options.all, signal: context.signal };
    const curves = await server.series(selector, how);
    const list = () => server.list({ ...ANY, all: parsed.options.all }, { signal: context.signal });
    return show(context, parsed, selector, curves, await whyEmpty(selector, curves, [list]));
  }
  const sources = await context.sources();
  const badLines = new BadLines();
  const curves = await queryCurves(sources, selector, {
    signal: context.signal,
    now: context.now,
    all: parsed.options.all,
    onProblem: badLines.add,
    onProgress: indexProgress(context),
    onSnapshot: () => badLines.count = 0,
  });
  endQuestion(context, sources, badLines);
  const lists = sources.map((source) => () => listExperiments(source, { ...ANY, all: parsed.options.all }, context));
  return show(context, parsed, selector, curves, await whyEmpty(selector, curves, lists));
}

/** Any experiment. */
const ANY: ListRequest = { cols: ["id"], limit: 1 };

/** What is said where there are no curves, as `dbx ls` says it; undefined where there are. */
async function whyEmpty(
  { series }: CurveSelector,
  curves: readonly Curve[],
  lists: readonly (() => Promise<ExperimentList>)[],
): Promise<string | undefined> {
  if (curves.length > 0) return undefined;
  for (const list of lists) if ((await list()).of > 0) return `no experiment that matches has points of "${series}"`;
  return "no experiments yet";
}

function show(
  context: Context,
  parsed: Parsed<typeof OPTIONS>,
  selector: CurveSelector,
  found: readonly Curve[],
  empty: string | undefined,
): Result | number {
  const isSystem = ({ labels }: Curve) => Number(isSystemSeries(String(labels.series ?? "")));
  const curves = [...found].sort((a, b) => isSystem(a) - isSystem(b));
  if (parsed.options.plot) {
    if (empty !== undefined) context.stderr.line(`dbx: ${empty}`);
    else context.stdout.lines(drawCurves(context, curves));
    return 0;
  }
  const output = outputFile(context, parsed.options.output);
  const columns = curveColumns(selector, curves);
  const { labels, coordinates, x, y } = columns;
  return {
    kind: "rows",
    fields: [...labels, ...coordinates, x, ...y],
    chunks: empty === undefined ? curveRows(curves, columns) : [],
    // A file gets the names of the columns.
    empty: parsed.options.output === undefined ? empty : undefined,
    out: output.out,
    close: () => output[Symbol.dispose](),
  };
}

/** Refuses options that say how rows are printed: a plot has none. */
function refusePrinting({ options }: Parsed<typeof OPTIONS>): void {
  const names = ["format", "json", "jsonl", "no-header", "quiet", "safe", "output"] as const;
  const given = names.find((name) => options[name] !== undefined && options[name] !== false);
  if (given !== undefined) {
    throw new UsageError(`Cannot use --${given} with --plot: a plot is for the terminal; choose one`);
  }
}

function selectorOf(parsed: Parsed<typeof OPTIONS>): CurveSelector {
  const aggregates = parsed.options.agg?.split(",").map((item) => item.trim());
  for (const name of aggregates ?? []) {
    if (CURVE_AGGREGATES.includes(name as CurveAggregate)) continue;
    const hint = didYouMean(name, CURVE_AGGREGATES) || `: ${CURVE_AGGREGATES.join(", ")}`;
    throw new UsageError(`Cannot use "${name}" as --agg: there is no such aggregate${hint}`);
  }
  const by = parsed.options["group-by"];
  const groupBy = by === undefined ? undefined : splitColumns(by);
  if (aggregates !== undefined && groupBy === undefined) {
    throw new UsageError("Cannot use --agg without --group-by: it says what is one curve");
  }
  return {
    series: parsed.positionals[0],
    ...filterOf(parsed),
    x: parsed.options.x,
    smooth: parsed.options.smooth,
    groupBy,
    aggregates: aggregates as CurveAggregate[] | undefined,
    points: parsed.options.points,
  };
}
