import type { Vector } from "../../vector.ts";
import { firstRows, type GroupIds } from "../groups/groups.ts";
import { KeyCodes } from "../groups/key_codes.ts";
import { PairCodes } from "../groups/pair_codes.ts";

/** The rows whose value is new in its group: those that count for an aggregate of DISTINCT values. */
export class DistinctValues {
  readonly #values = new KeyCodes();
  readonly #pairs = new PairCodes();

  rows(vector: Vector, count: number, ids: GroupIds, groups: number): Int32Array {
    if (count === 0) return new Int32Array();
    const codes = this.#values.assign(vector, count);
    const before = this.#pairs.count;
    const pairs = this.#pairs.assign(ids, codes, count, groups, this.#values.count);
    return firstRows(pairs, count, before, this.#pairs.count);
  }
}
