import type { Vector } from "../../vector.ts";
import { ranksOf } from "./ranks.ts";

/** A column to sort by. */
export interface OrderColumn {
  readonly vector: Vector;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/**
 * The numbers of rows in the order of some columns; rows that are equal in all stay in their order.
 *
 * A radix sort: by the bytes of the numbers that stand for the values, the last column first. Bytes that are the same in all
 * rows cost nothing.
 */
export function orderOf(columns: readonly OrderColumn[], count: number): Int32Array {
  let order = new Int32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  let spare = new Int32Array(count);
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const counts = new Uint32Array(256);
  for (const { vector, descending, nullsFirst } of columns.toReversed()) {
    const ranks = ranksOf(vector, count);
    if (ranks === undefined) continue;
    const differs = writeKeys(ranks, count, { descending, nullsFirst }, low, high);
    for (let byte = 0; byte < 8; byte++) {
      const half = byte < 4 ? low : high;
      const shift = (byte & 3) * 8;
      if ((((byte < 4 ? differs.low : differs.high) >>> shift) & 255) === 0) continue;
      counts.fill(0);
      for (let row = 0; row < count; row++) counts[(half[row] >>> shift) & 255]++;
      let start = 0;
      for (let value = 0; value < 256; value++) {
        const size = counts[value];
        counts[value] = start;
        start += size;
      }
      for (let at = 0; at < count; at++) {
        const row = order[at];
        spare[counts[(half[row] >>> shift) & 255]++] = row;
      }
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/**
 * Writes for each number 64 bits, in two halves, that are in the order wanted as numbers without a sign. Returns which bits
 * are not the same in all rows.
 */
function writeKeys(
  ranks: Float64Array,
  count: number,
  { descending, nullsFirst }: { readonly descending: boolean; readonly nullsFirst: boolean },
  low: Uint32Array,
  high: Uint32Array,
): { readonly low: number; readonly high: number } {
  const number = new Float64Array(1);
  const halves = new Uint32Array(number.buffer);
  const flip = descending ? 0xffffffff : 0;
  const missing = nullsFirst ? 0 : 0xffffffff;
  let differsLow = 0;
  let differsHigh = 0;
  for (let row = 0; row < count; row++) {
    const rank = ranks[row];
    if (rank !== rank) low[row] = high[row] = missing;
    else {
      // -0 is 0.
      number[0] = rank + 0;
      // Of negative numbers all bits are turned, of others the sign.
      const isNegative = halves[1] >>> 31;
      const turn = isNegative === 1 ? 0xffffffff : 0;
      low[row] = halves[0] ^ turn ^ flip;
      high[row] = halves[1] ^ (turn | 0x80000000) ^ flip;
    }
    differsLow |= low[row] ^ low[0];
    differsHigh |= high[row] ^ high[0];
  }
  return { low: differsLow, high: differsHigh };
}
