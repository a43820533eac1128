import { UsageError } from "../../../base/errors.ts";
import type { Asking } from "../../../compare/asking.ts";
import type { Baseline } from "../../../compare/assertion/baseline.ts";
import type { AssertReport, Outcome } from "../../../compare/assertion/outcome.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { statisticOf } from "../../../query/schema/tables.ts";
import { quoteText } from "../../../query/sql/quote.ts";
import type { Piece } from "../../../terminal/colours.ts";
import { plot } from "../../../terminal/plot.ts";

/** Plots by the conditions that they belong to. */
export type Plots = ReadonlyMap<string, readonly Piece[][]>;

/** How many conditions get a plot, how many curves are in one, and its size. */
const MAX_PLOTS = 4;
const MAX_CURVES = 3;
const SIZE = { columns: 66, rows: 6 };
/** Points of a curve that such a plot can show. */
const POINTS = 500;

/** Draws the series of what failed, beside those of the baseline. */
export async function plotsOf(
  asking: Asking,
  { outcomes, experiments }: AssertReport,
  { baseline, run }: { readonly baseline: Baseline | undefined; readonly run: string | undefined },
): Promise<Plots> {
  const plots = new Map<string, Piece[][]>();
  const drawn = new Set<string>();
  for (const outcome of outcomes) {
    if (outcome.passed || plots.size >= MAX_PLOTS) continue;
    const series = seriesOf(outcome);
    if (series === undefined || drawn.has(series)) continue;
    drawn.add(series);
    const failing = outcome.failing.map(({ id }) => id);
    const shown = (failing.length > 0 ? failing : experiments).slice(-MAX_CURVES);
    const own = await curves(asking, series, shown, run);
    const others = baseline === undefined ? [] : await curves(asking, series, baseline.experiments.slice(-MAX_CURVES));
    const lines = [
      ...others.map((curve) => ({ label: `${curve.labels.exp} (baseline)`, curve: lineOf(curve) })),
      ...own.map((curve) => ({ label: String(curve.labels.exp), curve: lineOf(curve) })),
    ];
    const isLine = ({ curve }: typeof lines[number]) => curve.values.filter(Number.isFinite).length > 1;
    if (lines.some(isLine)) plots.set(outcome.assertion, plot(lines, SIZE));
  }
  return plots;
}

/** The series that a condition is about. */
function seriesOf({ measured }: Outcome): string | undefined {
  for (const { value } of measured) {
    const [, name] = /^"?((?:first|last|min|max|mean):[^"()<>=]+?)"?$/.exec(value) ?? [];
    const found = name === undefined ? undefined : statisticOf(name);
    if (found !== undefined) return found.series;
  }
  return undefined;
}

async function curves(asking: Asking, series: string, ids: readonly string[], run?: string): Promise<Curve[]> {
  if (ids.length === 0) return [];
  const where = `exp IN (${ids.map(quoteText).join(", ")})`;
  try {
    const found = await asking.series({ series, where, points: POINTS, ...run !== undefined && { run } });
    return found.slice(0, MAX_CURVES);
  } catch (error) {
    // A series that nothing has is a reason to fail, and said already.
    if (error instanceof UsageError) return [];
    throw error;
  }
}

function lineOf({ x, y }: Curve) {
  return { steps: [...x], values: [...y.value] };
}
