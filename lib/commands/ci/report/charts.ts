import type { CurveComparison, SetReport } from "../../../compare/report/set_report.ts";
import { type Chart, type ChartCurve, chartOf } from "../../../plot/chart.ts";
import type { Curve } from "../../../query/curves/curve.ts";

/** The curves of a series in both sets: means with a band of one deviation. */
export function curveChart(
  { series, before, after }: CurveComparison,
  sets: Pick<SetReport, "before" | "after">,
): Chart {
  const curves = [
    ...before.map((curve) => chartCurve(curve, sets.before.name, 0)),
    ...after.map((curve) => chartCurve(curve, sets.after.name, 1)),
  ];
  return chartOf(curves, { title: series, xName: "step" });
}

function chartCurve({ x, y: { mean, std } }: Curve, label: string, colour: number): ChartCurve {
  const away = (sign: number) => mean.map((value, at) => value + sign * (Number.isNaN(std[at]) ? 0 : std[at]));
  return { label, x, y: mean, colour, band: { low: away(-1), high: away(1) } };
}
