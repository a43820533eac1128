import { UsageError } from "../../base/errors.ts";
import { isSystemSeries } from "../../format/events/series_key.ts";
import { didYouMean } from "../../base/suggest.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import { compareNaturally } from "../../compare/diff/natural_order.ts";
import { curveColumns, curveRows } from "../../query/curves/curve_rows.ts";
import { type Curve, CURVE_AGGREGATES, type CurveAggregate, type CurveSelector } from "../../query/curves/curve.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./series.ts";
import { filterOf } from "./experiment_filter.ts";
import { outputFile } from "../../cli/output_file.ts";
import { plotLines } from "../../terminal/plot.ts";
import type { Result } from "../../terminal/result.ts";
import { described } from "./plot/labels.ts";
import { curvesChart } from "./plot/lines.ts";
import { whyEmpty } from "./plot/read.ts";
import { openAsking } from "../../cli/repository/asking.ts";
import { heightFor } from "./plot/drawing.ts";

/** Prints or draws curves. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result | number> {
  if (parsed.options.plot) refusePrinting(parsed);
  const selector = selectorOf(parsed);
  const asking = await openAsking(context, parsed.options.all);
  const curves = await asking.series(selector);
  asking.end();
  const empty = curves.length > 0 ? undefined : await whyEmpty(asking, [selector.series]);
  if (!parsed.options.plot) return rowsOf(context, parsed, selector, curves, empty);
  if (empty !== undefined) context.stderr.line(`dbx: ${empty}`);
  else {
    const lines = { x: selector.x ?? "step", band: "std", isAligned: true } as const;
    const chart = curvesChart(await described(curves, asking), lines);
    context.stdout.lines(plotLines(chart, context.stdout, heightFor(context.stdout)));
  }
  return 0;
}

function rowsOf(
  context: Context,
  parsed: Parsed<typeof OPTIONS>,
  selector: CurveSelector,
  found: readonly Curve[],
  empty: string | undefined,
): Result {
  const isSystem = ({ labels }: Curve) => Number(isSystemSeries(String(labels.series ?? "")));
  const groups = selector.groupBy === undefined ? () => 0 : compareGroups;
  const curves = [...found].sort((a, b) => isSystem(a) - isSystem(b) || groups(a, b));
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

/** Of one series, groups stand in natural order of their values: numbers by their size. */
function compareGroups(a: Curve, b: Curve): number {
  for (const name of Object.keys(a.labels)) {
    const [own, other] = [String(a.labels[name] ?? ""), String(b.labels[name] ?? "")];
    if (own !== other) return compareNaturally(own, other);
  }
  return 0;
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
