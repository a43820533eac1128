import type { Vector } from "../../../vectors/vector.ts";
import { firstRows, type GroupIds } from "../groups/groups.ts";
import { KeyCodes } from "../groups/key_codes.ts";
import { PairCodes } from "../groups/pair_codes.ts";

/** The rows whose value is new in its group: those that count for an aggregate of DISTINCT values. */
export class DistinctValues {
  readonly #values = new KeyCodes();
  readonly #pairs: PairCodes | undefined;

  /** @param hasGroups Whether there may be more groups than one. */
  constructor(hasGroups: boolean) {
    this.#pairs = hasGroups ? new PairCodes() : undefined;
  }

  rows(vector: Vector, count: number, ids: GroupIds, groups: number): Int32Array {
    if (count === 0) return new Int32Array();
    const known = this.#pairs ?? this.#values;
    const before = known.count;
    const codes = this.#values.assign(vector, count);
    const pairs = this.#pairs?.assign(ids, codes, count, groups, this.#values.count) ?? codes;
    return firstRows(pairs, count, before, known.count);
  }
}
