import { CHARACTERS, type CharacterSet } from "./cells/characters.ts";
import type { Numbers } from "./columns.ts";

/**
 * A curve in one line of characters, each as high as the mean of its part stands between the least and the greatest of these.
 * Where no value of a part is finite, a space.
 *
 * @param columns Its greatest width; fewer values take one character each.
 */
export function sparkline(values: Numbers, columns: number, characters: CharacterSet = "braille"): string {
  const width = Math.max(0, Math.min(Math.floor(columns), values.length));
  const means = Array.from({ length: width }, (_, at) => {
    return mean(values, Math.floor(at * values.length / width), Math.floor((at + 1) * values.length / width));
  });
  const known = means.filter((value) => !Number.isNaN(value));
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const { bars } = CHARACTERS[characters];
  return means.map((value) => {
    if (Number.isNaN(value)) return " ";
    if (!(low < high)) return bars[bars.length >> 1];
    return bars[Math.min(bars.length - 1, Math.floor((value / 2 - low / 2) / (high / 2 - low / 2) * bars.length))];
  }).join("");
}

/** The mean of the finite values from one place to another; NaN if there are none. */
function mean(values: Numbers, from: number, to: number): number {
  let average = 0;
  let count = 0;
  for (let at = from; at < to; at++) {
    if (!Number.isFinite(values[at])) continue;
    average += (values[at] - average) / ++count;
  }
  return count === 0 ? NaN : average;
}
