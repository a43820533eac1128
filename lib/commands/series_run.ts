import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { despiteDamage } from "../index/despite_damage.ts";
import { takeSnapshot } from "../query/snapshot/snapshot.ts";
import type { QueryValue } from "../query/result/answer.ts";
import {
  type Curve,
  CURVE_AGGREGATES,
  type CurveAggregate,
  type CurveSelector,
  curvesOf,
  type CurveX,
  needsTimes,
} from "../query/curves/curves.ts";
import { View } from "../query/view.ts";
import type { Context, Parsed } from "./command.ts";
import { filterOf } from "./experiment_filter.ts";
import { safe } from "./format_values.ts";
import { outputFile } from "./output_file.ts";
import { flag, number, text } from "./parse.ts";
import { plot } from "./plot.ts";
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
  const options = { signal: context.signal, onProblem: badLines.add };
  const times = needsTimes(selector);
  const needs = { status: true, runs: true, runStatus: false, logs: true, stdout: false, columns: true, times };
  const how = { ...options, now: context.now, all: flag(parsed, "all"), onProgress: indexProgress(context) };
  const curves = await despiteDamage(sources.map(({ index }) => index), async () => {
    badLines.count = 0;
    return await curvesOf(new View(await takeSnapshot(sources, needs, how)), selector, options);
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
    else context.stdout.write(draw(context, curves));
    return 0;
  }
  const format = flag(parsed, "json") ? "json" : (text(parsed, "format") ?? "table") as RowFormat;
  using output = outputFile(context, text(parsed, "output"));
  const columns = columnsOf(selector);
  await writeRows(output.out, format, [...columns.labels, columns.x, ...columns.y], rowsOf(curves, columns));
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
    x: text(parsed, "x") as CurveX | undefined,
    smooth: number(parsed, "smooth"),
    groupBy,
    aggregates: aggregates as CurveAggregate[] | undefined,
    points: whole(parsed, "points", undefined),
  };
}

function columnsOf({ x = "step", groupBy, aggregates = ["mean", "std"] }: CurveSelector) {
  const labels = groupBy === undefined ? ["exp", "run", "log", "series"] : ["series", ...groupBy];
  return { labels, x, y: groupBy === undefined ? ["value"] : aggregates };
}

/** The rows of each curve. */
function* rowsOf(curves: readonly Curve[], { labels, y }: ReturnType<typeof columnsOf>): Generator<QueryValue[][]> {
  for (const curve of curves) {
    const head = labels.map((name) => curve.labels[name]);
    yield Array.from(curve.x, (x, at) => [...head, x, ...y.map((name) => curve.y[name][at])]);
  }
}

function draw(context: Context, curves: readonly Curve[]): string {
  // What is the same in all of them need not be said.
  const names = Object.keys(curves[0].labels).filter((name) =>
    name !== "log" && curves.some(({ labels }) => labels[name] !== curves[0].labels[name])
  );
  const shown = names.length === 0 ? ["series"] : names.includes("run") ? names.filter((it) => it !== "exp") : names;
  const drawn = curves.slice(0, 12).map(({ labels, x, y }) => ({
    label: safe(shown.map((name) => `${labels[name]}`).join("  ")),
    curve: { steps: [...x], values: [...Object.values(y)[0]] },
  }));
  const rest = curves.length - drawn.length;
  const more = rest > 0 ? `and ${rest} more curves, not drawn; --where or --group-by leaves fewer\n` : "";
  return plot(drawn, { columns: context.stdout.columns, colour: context.stdout.colour }) + more;
}
