import type { Vector } from "../../../vectors/vector.ts";
import type { GroupIds } from "../groups/groups.ts";
import { type Accumulator, grownNumbers } from "./accumulator.ts";

/** `count(*)`, and `count(x)`: how many are not NULL. */
export class Count implements Accumulator {
  #counts = new Float64Array(16);

  add(args: readonly Vector[], count: number, ids: GroupIds, groups: number): number {
    this.#counts = grownNumbers(this.#counts, groups);
    const counts = this.#counts;
    const present = args.length === 0 ? undefined : args[0];
    if (typeof ids === "number") counts[ids] += present === undefined ? count : countOf(present, count);
    else if (present === undefined) { for (let row = 0; row < count; row++) counts[ids[row]]++; }
    else addEach(counts, present, count, ids);
    return 0;
  }

  finish(groups: number): Vector {
    this.#counts = grownNumbers(this.#counts, groups);
    return { kind: "number", type: "integer", data: this.#counts.subarray(0, groups) };
  }
}

/** How many of the first rows of a vector are not NULL. */
export function countOf(vector: Vector, count: number): number {
  let found = 0;
  switch (vector.kind) {
    case "constant":
      return vector.value === null ? 0 : count;
    case "number": {
      const { data } = vector;
      for (let row = 0; row < count; row++) if (data[row] === data[row]) found++;
      return found;
    }
    case "text": {
      const { codes } = vector;
      for (let row = 0; row < count; row++) if (codes[row] >= 0) found++;
      return found;
    }
    case "any": {
      const { values } = vector;
      for (let row = 0; row < count; row++) if (values[row] !== null) found++;
      return found;
    }
  }
}

function addEach(counts: Float64Array, vector: Vector, count: number, ids: Int32Array): void {
  switch (vector.kind) {
    case "constant":
      if (vector.value !== null) { for (let row = 0; row < count; row++) counts[ids[row]]++; }
      return;
    case "number": {
      const { data } = vector;
      for (let row = 0; row < count; row++) if (data[row] === data[row]) counts[ids[row]]++;
      return;
    }
    case "text": {
      const { codes } = vector;
      for (let row = 0; row < count; row++) if (codes[row] >= 0) counts[ids[row]]++;
      return;
    }
    case "any": {
      const { values } = vector;
      for (let row = 0; row < count; row++) if (values[row] !== null) counts[ids[row]]++;
      return;
    }
  }
}
