import { valueAt } from "../../../vectors/gather.ts";
import { toInteger } from "../../../values/convert.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Vector } from "../../../vectors/vector.ts";
import type { Parts } from "./frames.ts";

/** `row_number()` */
export function rowNumbers({ partitions }: Parts): Vector {
  const data = numbersFor(partitions);
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    for (let row = start; row < partitions[at + 1]; row++) data[row] = row - start + 1;
  }
  return { kind: "number", type: "integer", data };
}

/** `rank()`, `dense_rank()`, `percent_rank()` and `cume_dist()`, which are the same for all peers. */
export function ranks(
  name: "rank" | "dense_rank" | "percent_rank" | "cume_dist",
  { partitions, peers }: Parts,
): Vector {
  const data = numbersFor(partitions);
  let group = 0;
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    const end = partitions[at + 1];
    for (let number = 1; peers[group] < end; group++, number++) {
      const first = peers[group];
      const next = peers[group + 1];
      let answer = number;
      if (name === "rank") answer = first - start + 1;
      else if (name === "percent_rank") answer = end - start > 1 ? (first - start) / (end - start - 1) : 0;
      else if (name === "cume_dist") answer = (next - start) / (end - start);
      for (let row = first; row < next; row++) data[row] = answer;
    }
  }
  return { kind: "number", type: name === "percent_rank" || name === "cume_dist" ? "real" : "integer", data };
}

/** `ntile(n)`: the number of parts is that of the first row of the partition. */
export function tiles(parts: Vector, { partitions }: Parts): Vector {
  const data = numbersFor(partitions);
  for (let at = 0; at + 1 < partitions.length; at++) {
    const start = partitions[at];
    const count = partitions[at + 1] - start;
    const value = valueAt(parts, start);
    const wanted = value === null ? 0n : toInteger(value);
    if (wanted <= 0n) throw new UnsupportedAtRuntime("ntile of what is not a positive whole number");
    const number = Number(wanted);
    const size = Math.floor(count / number);
    const larger = count - number * size;
    const behindLarger = larger * (size + 1);
    for (let row = 0; row < count; row++) {
      data[start + row] = size === 0
        ? row + 1
        : row < behindLarger
        ? 1 + Math.floor(row / (size + 1))
        : 1 + larger + Math.floor((row - behindLarger) / size);
    }
  }
  return { kind: "number", type: "integer", data };
}

function numbersFor(partitions: Int32Array): Float64Array {
  return new Float64Array(partitions[partitions.length - 1]);
}
