import type { SortKey } from "../../../plan/plan.ts";
import type { Value } from "../../../values/value.ts";
import { compareValues } from "../../../values/compare.ts";
import { WordTables } from "../../../vectors/word_tables.ts";
import type { Vector } from "../../../vectors/vector.ts";

const KEPT = 1;
const PASSED_OVER = 2;

/** Which rows may still be among the first, by their first key: the value of the last of these is known. */
export class Cutoff {
  readonly #last: number | undefined;
  readonly #known = new WordTables();

  /** @param withEqual Whether rows of the same value may be before it by other keys. */
  constructor(readonly key: SortKey, readonly value: Value, readonly withEqual: boolean) {
    const isExact = typeof value === "number" || typeof value === "bigint" && BigInt.asIntN(53, value) === value;
    this.#last = isExact ? Number(value) : undefined;
  }

  /** Undefined: all. */
  rows(vector: Vector, count: number): Int32Array | undefined {
    if (vector.kind === "constant") return this.#isKept(vector.value) ? undefined : new Int32Array();
    const rows = new Int32Array(count);
    let found = 0;
    if (vector.kind === "number") found = this.#numbers(vector.data, count, rows);
    else if (vector.kind === "any") {
      for (let row = 0; row < count; row++) if (this.#isKept(vector.values[row])) rows[found++] = row;
    } else {
      const { codes, words } = vector;
      const known = this.#known.tableFor(words, count);
      const keepsNull = this.#isKept(null);
      const kept = (code: number): number => this.#isKept(words[code]) ? KEPT : PASSED_OVER;
      for (let row = 0; row < count; row++) {
        const code = codes[row];
        if (code < 0 ? keepsNull : (known === undefined ? kept(code) : known[code] ||= kept(code)) === KEPT) {
          rows[found++] = row;
        }
      }
    }
    return rows.subarray(0, found);
  }

  #numbers(data: Float64Array, count: number, rows: Int32Array): number {
    const last = this.#last;
    const { descending } = this.key;
    const keepsNull = this.#isKept(null);
    let found = 0;
    if (last === undefined) {
      for (let row = 0; row < count; row++) {
        if (this.#isKept(data[row] === data[row] ? data[row] : null)) rows[found++] = row;
      }
      return found;
    }
    const sign = descending ? -1 : 1;
    const bound = last * sign;
    const { withEqual } = this;
    for (let row = 0; row < count; row++) {
      const number = data[row] * sign;
      if (number < bound || withEqual && number === bound || keepsNull && number !== number) rows[found++] = row;
    }
    return found;
  }

  #isKept(value: Value): boolean {
    const { descending, nullsFirst } = this.key;
    if (value === null || this.value === null) {
      if (value === this.value) return this.withEqual;
      return (value === null) === nullsFirst;
    }
    const order = compareValues(value, this.value);
    return order === 0 ? this.withEqual : order < 0 !== descending;
  }
}
