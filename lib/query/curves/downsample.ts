import { keptIndices } from "../../plot/extremes.ts";
import type { Curve } from "./curve.ts";

/**
 * A curve of at most `points` points (at least one) that looks the same: its points in their order are cut into stretches of
 * equal length, and of each the least and the greatest value stay, with the first and last point of the curve. A curve of
 * several columns keeps the points that its first column chooses.
 */
export function downsample(curve: Curve, points: number): Curve {
  const { labels, x, y, coordinates } = curve;
  const most = Math.max(1, Math.floor(points));
  if (x.length <= most) return curve;
  const kept = keptIndices(Object.values(y)[0], most);
  const take = (from: Float64Array) => {
    const out = new Float64Array(kept.length);
    for (let i = 0; i < kept.length; i++) out[i] = from[kept[i]];
    return out;
  };
  const some = (columns: Curve["y"]) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, take(values)]));
  return { labels, x: take(x), y: some(y), coordinates: some(coordinates) };
}
