import type { Vector } from "../../../vectors/vector.ts";
import { KeyCodes } from "./key_codes.ts";
import { PairCodes } from "./pair_codes.ts";

/** The group of each row; one number where all rows are of one group. */
export type GroupIds = Int32Array | number;

/** Numbers the groups of rows by keys, from 0 in the order in which they are first seen. */
export class Groups {
  readonly #keys: readonly KeyCodes[];
  readonly #pairs: readonly PairCodes[];
  #hasRows = false;

  constructor(width: number) {
    this.#keys = Array.from({ length: width }, () => new KeyCodes());
    this.#pairs = Array.from({ length: Math.max(0, width - 1) }, () => new PairCodes());
  }

  /** How many there are. */
  get count(): number {
    return this.#pairs.at(-1)?.count ?? this.#keys.at(0)?.count ?? Number(this.#hasRows);
  }

  /** Whether keys of one group may be an INTEGER in one row and an equal REAL in another. */
  get isAmbiguous(): boolean {
    return this.#keys.some((key) => key.isAmbiguous);
  }

  /** The groups of the first `count` rows. They hold until the next call. */
  assign(keys: readonly Vector[], count: number): GroupIds {
    if (count > 0) this.#hasRows = true;
    if (keys.length === 0 || count === 0) return 0;
    let ids = this.#keys[0].assign(keys[0], count);
    let above = this.#keys[0].count;
    for (let at = 1; at < keys.length; at++) {
      const right = this.#keys[at].assign(keys[at], count);
      ids = this.#pairs[at - 1].assign(ids, right, count, above, this.#keys[at].count);
      above = this.#pairs[at - 1].count;
    }
    return ids;
  }
}

/** The rows that are the first of their group, where there were `before` groups before them. */
export function firstRows(ids: GroupIds, count: number, before: number, after: number): Int32Array {
  const rows = new Int32Array(after - before);
  if (typeof ids === "number") return rows;
  let next = before;
  for (let row = 0; row < count && next < after; row++) {
    if (ids[row] !== next) continue;
    rows[next - before] = row;
    next++;
  }
  return rows;
}
