import type { Yielder } from "../../../../base/yielder.ts";
import { valueAt } from "../../../vectors/gather.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { summand } from "../aggregate/sum.ts";
import { GrowingExtremes, MovingExtremes } from "./extremes.ts";
import type { Frames } from "./frames.ts";
import { slide, type Sliding } from "./slide.ts";
import { RealSums, type SumName, WholeSums } from "./sums.ts";
import { SumsOfValues } from "./sums_of_values.ts";

/** `min` or `max` of each frame. */
export function extremesOf(
  name: "min" | "max",
  values: Vector,
  frames: Frames,
  yielder: Yielder,
): Promise<Vector> {
  const { from, exclude } = frames.frame;
  const onlyGrows = from === -Infinity || exclude !== "no others";
  const Extremes = onlyGrows ? GrowingExtremes : MovingExtremes;
  return slide(new Extremes(name, values, frames.lows.length), frames, yielder);
}

/** A sum of each frame. */
export function sumsOf(name: SumName, values: Vector, frames: Frames, yielder: Yielder): Promise<Vector> {
  return slide(slidingSums(name, values, frames), frames, yielder);
}

function slidingSums(name: SumName, values: Vector, { lows: { length: count }, partitions }: Frames): Sliding {
  if (values.kind === "number") {
    const { type, data } = values;
    if (type === "real") return new RealSums(name, data, false, count);
    if (areSumsSafe(data, count, partitions)) {
      return type === "integer" ? new WholeSums(name, data, count) : new RealSums(name, data, true, count);
    }
  }
  return new SumsOfValues(name, summandsOf(values, count));
}

function summandsOf(values: Vector, count: number): (bigint | number | null)[] {
  if (values.kind !== "text") return Array.from({ length: count }, (_, row) => summand(valueAt(values, row)));
  const ofWords = values.words.map(summand);
  return Array.from(values.codes.subarray(0, count), (code) => code < 0 ? null : ofWords[code]);
}

/** Whether no sum of whole numbers of a partition can be beyond 2^53. */
function areSumsSafe(data: Float64Array, count: number, partitions: Int32Array): boolean {
  let greatest = 0;
  for (let row = 0; row < count; row++) {
    const size = Math.abs(data[row]);
    if (size > greatest && Number.isSafeInteger(size)) greatest = size;
  }
  let longest = 0;
  for (let at = 0; at + 1 < partitions.length; at++) longest = Math.max(longest, partitions[at + 1] - partitions[at]);
  return greatest < 2 ** 52 && greatest * longest <= Number.MAX_SAFE_INTEGER;
}
