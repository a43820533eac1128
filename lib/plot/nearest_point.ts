import type { ChartCurve } from "./chart.ts";

/** The number of a curve at the point that is nearest to a place on the x axis; undefined where it has no point. */
export function nearestPoint(
  { x, y }: Pick<ChartCurve, "x" | "y">,
  place: number,
): { readonly x: number; readonly y: number } | undefined {
  let best = -1;
  let least = Infinity;
  for (let at = 0; at < x.length; at++) {
    const distance = Math.abs(x[at] - place);
    // Of several points in one place, the last one.
    if (distance <= least) [best, least] = [at, distance];
  }
  return best < 0 ? undefined : { x: x[best], y: y[best] };
}
