/** For each row 64 bits, in two halves, that are in the order wanted as numbers without a sign. */
export interface SortBits {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  /** Which bits are not the same in all rows. */
  readonly lowBits: number;
  readonly highBits: number;
}

/**
 * The numbers of rows in the order of some keys, the first before the others; rows that are equal in all stay in their order.
 * Undefined: they are in that order already.
 *
 * A radix sort: by the bytes of the keys, the last key first. Bytes that are the same in all rows cost nothing.
 */
export function radixOrder(keys: readonly SortBits[], count: number): Int32Array | undefined {
  if (isInOrder(keys, count)) return undefined;
  let order = new Int32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  let spare = new Int32Array(count);
  for (const { low, high, lowBits, highBits } of keys.toReversed()) {
    for (let shift = 0; shift < 64; shift += 8) {
      if ((((shift < 32 ? lowBits : highBits) >>> (shift & 31)) & 255) === 0) continue;
      sortByByte(shift < 32 ? low : high, shift & 31, order, spare);
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** The bits of numbers; NaN is NULL. */
export function sortBitsOf(
  numbers: Float64Array,
  count: number,
  { descending, nullsFirst }: { readonly descending: boolean; readonly nullsFirst: boolean },
): SortBits {
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const one = new Float64Array(1);
  const halves = new Uint32Array(one.buffer);
  const flip = descending ? 0xffffffff : 0;
  const missing = nullsFirst ? 0 : 0xffffffff;
  let lowBits = 0;
  let highBits = 0;
  for (let row = 0; row < count; row++) {
    const number = numbers[row];
    if (number !== number) low[row] = high[row] = missing;
    else {
      // -0 is 0.
      one[0] = number + 0;
      // Of negative numbers all bits are turned, of others the sign.
      const turn = halves[1] >>> 31 === 1 ? 0xffffffff : 0;
      low[row] = halves[0] ^ turn ^ flip;
      high[row] = halves[1] ^ (turn | 0x80000000) ^ flip;
    }
    lowBits |= low[row] ^ low[0];
    highBits |= high[row] ^ high[0];
  }
  return { low, high, lowBits, highBits };
}

function sortByByte(half: Uint32Array, shift: number, order: Int32Array, sorted: Int32Array): void {
  const starts = new Uint32Array(257);
  for (let row = 0; row < half.length; row++) starts[((half[row] >>> shift) & 255) + 1]++;
  for (let value = 0; value < 256; value++) starts[value + 1] += starts[value];
  for (let at = 0; at < order.length; at++) {
    const row = order[at];
    sorted[starts[(half[row] >>> shift) & 255]++] = row;
  }
}

function isInOrder(keys: readonly SortBits[], count: number): boolean {
  for (let row = 1; row < count; row++) {
    for (const { low, high } of keys) {
      const difference = high[row] - high[row - 1] || low[row] - low[row - 1];
      if (difference < 0) return false;
      if (difference > 0) break;
    }
  }
  return true;
}
