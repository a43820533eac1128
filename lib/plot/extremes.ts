import type { Numbers } from "./columns.ts";

/**
 * Which of the values of a curve are enough to see it: the values in their order are cut into stretches of equal length, and of
 * each the least and the greatest stay, with the first and the last of all.
 *
 * @param most How many are kept at most, at least 1. Of fewer than four the last stay: it, the first, and one between them.
 */
export function keptIndices(values: Numbers, most: number): Int32Array {
  if (most < 4) {
    const end = values.length - 1;
    const some = most < 2 ? [end] : most < 3 ? [0, end] : [0, end >> 1, end];
    return Int32Array.from(new Set(some));
  }
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
