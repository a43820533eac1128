import type { Vector } from "../../../vectors/vector.ts";
import { Groups } from "../groups/groups.ts";

/** Numbers the rows of the right side of a join by their keys, and finds those of left rows: rows of equal keys have one number. */
export class KeyGroups {
  readonly #groups: Groups;
  /** The group of each right row; -1: there is a NULL among its keys. */
  readonly ofRight: Int32Array;
  /** How many groups there are. */
  readonly count: number;

  constructor(keys: readonly Vector[], count: number) {
    this.#groups = new Groups(keys.length);
    this.ofRight = this.#assign(keys, count);
    this.count = this.#groups.count;
  }

  /** The group of each left row; -1: no right row has its keys. */
  ofLeft(keys: readonly Vector[], count: number): Int32Array {
    const groups = this.#assign(keys, count);
    // Keys that no right row has are new groups.
    for (let row = 0; row < count; row++) if (groups[row] >= this.count) groups[row] = -1;
    return groups;
  }

  #assign(keys: readonly Vector[], count: number): Int32Array {
    const ids = this.#groups.assign(keys, count);
    const groups = typeof ids === "number" ? new Int32Array(count).fill(ids) : ids.slice(0, count);
    for (const key of keys) leaveOutNull(key, groups);
    return groups;
  }
}

function leaveOutNull(key: Vector, groups: Int32Array): void {
  switch (key.kind) {
    case "constant":
      if (key.value === null) groups.fill(-1);
      break;
    case "number":
      for (let row = 0; row < groups.length; row++) if (key.data[row] !== key.data[row]) groups[row] = -1;
      break;
    case "text":
      for (let row = 0; row < groups.length; row++) if (key.codes[row] < 0) groups[row] = -1;
      break;
    case "any":
      for (let row = 0; row < groups.length; row++) if (key.values[row] === null) groups[row] = -1;
      break;
  }
}
