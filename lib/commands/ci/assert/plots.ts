import { UsageError } from "../../../base/errors.ts";
import type { Asking } from "../../../compare/asking.ts";
import type { Baseline } from "../../../compare/assertion/baseline.ts";
import type { AssertReport, Outcome } from "../../../compare/assertion/outcome.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { statisticOf } from "../../../query/schema/statistics.ts";
import { quoteText } from "../../../query/sql/quote.ts";
import { type Chart, type ChartCurve, chartOf } from "../../../plot/chart.ts";

/** Plots by the conditions that they belong to. */
export type Plots = ReadonlyMap<string, Chart>;

/** How many conditions get a plot, and how many curves of each side are in one. */
const MAX_PLOTS = 4;
const MAX_CURVES = 3;
/** The places of both sides in the palette. */
const [BASELINE, OWN] = [0, 1];
/** Points of a curve that such a plot can show. */
const POINTS = 500;

/** Draws the series of what failed, beside those of the baseline. */
export async function plotsOf(
  asking: Asking,
  { outcomes, experiments }: AssertReport,
  { baseline, run }: { readonly baseline: Baseline | undefined; readonly run: string | undefined },
): Promise<Plots> {
  const plots = new Map<string, Chart>();
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
      ...others.map((curve) => lineOf(curve, `${curve.labels.exp} (baseline)`, BASELINE)),
      ...own.map((curve) => lineOf(curve, String(curve.labels.exp), OWN)),
    ];
    const isCurve = ({ y }: ChartCurve) => Array.from(y).filter(Number.isFinite).length > 1;
    if (!lines.some(isCurve)) continue;
    const { comparison } = outcome;
    const level = others.length === 0 ? comparison?.baseline : undefined;
    if (level !== undefined) lines.unshift(levelOf(level.mean, lines));
    plots.set(outcome.assertion, chartOf(lines));
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
    const place = ({ labels }: Curve) => ids.indexOf(String(labels.exp));
    return found.sort((a, b) => place(a) - place(b)).slice(0, MAX_CURVES);
  } catch (error) {
    // A series that nothing has is a reason to fail, and said already.
    if (error instanceof UsageError) return [];
    throw error;
  }
}

function lineOf({ x, y }: Curve, label: string, colour: number): ChartCurve {
  return { label, x, y: y.value, colour };
}

/** A baseline of which no more than its value is known. */
function levelOf(value: number, lines: readonly ChartCurve[]): ChartCurve {
  const ends = lines.flatMap(({ x }) => [x[0], x[x.length - 1]]).filter(Number.isFinite);
  return { label: "baseline", colour: BASELINE, x: [Math.min(...ends), Math.max(...ends)], y: [value, value] };
}
