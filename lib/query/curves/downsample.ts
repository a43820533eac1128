import type { Curve } from "./curve.ts";

/**
 * A curve of at most `points` points (at least 4) that looks the same: its points in their order are cut into stretches of
 * equal length, and of each the least and the greatest value stay, with the first and last point of the curve. A curve of
 * several columns keeps the points that its first column chooses.
 */
export function downsample(curve: Curve, points: number): Curve {
  const { labels, x, y, coordinates } = curve;
  const most = Math.max(4, Math.floor(points));
  if (x.length <= most) return curve;
  const kept = selectIndices(Object.values(y)[0], most);
  const take = (from: Float64Array) => {
    const out = new Float64Array(kept.length);
    for (let i = 0; i < kept.length; i++) out[i] = from[kept[i]];
    return out;
  };
  const some = (columns: Curve["y"]) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, take(values)]));
  return { labels, x: take(x), y: some(y), coordinates: some(coordinates) };
}

function selectIndices(values: Float64Array, most: number): Int32Array {
  const stretches = (most - 2) >> 1;
  const kept = new Int32Array(stretches * 2 + 2);
  let count = 0;
  const end = values.length - 1;
  kept[count++] = 0;
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor(stretch * (end - 1) / stretches);
    const to = 1 + Math.floor((stretch + 1) * (end - 1) / stretches);
    let [least, greatest] = [from, from];
    for (let i = from + 1; i < to; i++) {
      // A gap (NaN) gives way to any number.
      if (values[i] < values[least] || values[least] !== values[least]) least = i;
      if (values[i] > values[greatest] || values[greatest] !== values[greatest]) greatest = i;
    }
    if (from >= to) continue;
    kept[count++] = Math.min(least, greatest);
    if (least !== greatest) kept[count++] = Math.max(least, greatest);
  }
  kept[count++] = end;
  return kept.subarray(0, count);
}
