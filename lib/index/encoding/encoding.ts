/** How a column of numbers stands in a pack. */
export const enum Encoding {
  /** Row i is `base + i * step`; no bytes. NaN in all rows too. */
  Progression,
  /** Whole numbers, `base` taken off. */
  U8,
  U16,
  U32,
  F64,
}

/** A column as it is described: all that is needed to read it. */
export interface EncodedColumn {
  readonly encoding: Encoding;
  readonly count: number;
  readonly base: number;
  readonly step: number;
  /** The bytes; of doubles a view of what was encoded. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array();

/** The shortest encoding of some numbers that gives back the same bits (of NaN: a NaN). */
export function encodeColumn(values: Float64Array): EncodedColumn {
  const count = values.length;
  const base = count === 0 ? 0 : values[0];
  const progression = stepOf(values);
  if (progression !== undefined) {
    return { encoding: Encoding.Progression, count, base, step: progression, bytes: NO_BYTES };
  }
  const range = rangeOf(values);
  if (range === undefined) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return { encoding: Encoding.F64, count, base: 0, step: 0, bytes };
  }
  const [least, width] = range;
  const packed = width < 256 ? new Uint8Array(count) : width < 65536 ? new Uint16Array(count) : new Uint32Array(count);
  for (let i = 0; i < count; i++) packed[i] = values[i] - least;
  const encoding = width < 256 ? Encoding.U8 : width < 65536 ? Encoding.U16 : Encoding.U32;
  return { encoding, count, base: least, step: 0, bytes: new Uint8Array(packed.buffer) };
}

/** The numbers of a column. The bytes must be aligned to 8; those of doubles are not copied. */
export function decodeColumn({ encoding, count, base, step, bytes }: EncodedColumn): Float64Array {
  if (encoding === Encoding.F64) return new Float64Array(bytes.buffer, bytes.byteOffset, count);
  return decodeInto(new Float64Array(count), { encoding, base, step, bytes });
}

/** Fills an array with the numbers of a column that holds no doubles. */
export function decodeInto<T extends Float64Array | Uint32Array>(
  values: T,
  { encoding, base, step, bytes }: Omit<EncodedColumn, "count">,
): T {
  const count = values.length;
  if (encoding === Encoding.Progression) {
    if (step === 0) return values.fill(base) as T;
    for (let i = 0; i < count; i++) values[i] = base + i * step;
    return values;
  }
  const packed = encoding === Encoding.U8
    ? bytes
    : encoding === Encoding.U16
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
    : new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  if (base === 0) values.set(packed);
  else for (let i = 0; i < count; i++) values[i] = packed[i] + base;
  return values;
}

/** Bytes of a column. */
export function encodedLength(encoding: Encoding, count: number): number {
  return encoding === Encoding.F64
    ? count * 8
    : encoding === Encoding.U32
    ? count * 4
    : encoding === Encoding.U16
    ? count * 2
    : encoding === Encoding.U8
    ? count
    : 0;
}

function stepOf(values: Float64Array): number | undefined {
  const count = values.length;
  if (count === 0) return 0;
  const base = values[0];
  const step = count > 1 && base - base === 0 ? values[1] - base : 0;
  if (step === 0) return isConstant(values, base) ? 0 : undefined;
  // Of whole numbers every term is exact; of others the sum might be rounded otherwise in another place.
  if (!Number.isInteger(step) || !Number.isInteger(base)) return undefined;
  if (!isProgression(values, base, step)) return undefined;
  const zero = -base / step;
  return Number.isInteger(zero) && zero >= 0 && zero < count && Object.is(values[zero + 0], -0) ? undefined : step;
}

// The loops are functions of their own: what stands beside them, such as a place outside of the array, would have the
// runtime give up the code that it made for them, again and again.

function isConstant(values: Float64Array, base: number): boolean {
  for (let i = 1; i < values.length; i++) if (!Object.is(values[i], base)) return false;
  return true;
}

function isProgression(values: Float64Array, base: number, step: number): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== base + i * step) return false;
  return true;
}

/** The least of whole numbers and how far the greatest is from it; undefined where they are not all whole and near. */
function rangeOf(values: Float64Array): [least: number, width: number] | undefined {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value !== Math.floor(value) || (value === 0 && 1 / value < 0)) return undefined;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  const isSafe = Number.isSafeInteger(least) && Number.isSafeInteger(greatest);
  return isSafe && greatest - least < 2 ** 32 ? [least, greatest - least] : undefined;
}

const FACTOR = 0x01000193;

/** A sum over bytes that shows accidents (not attacks): sixteen lanes of multiply and add over words, which depend on no other. */
export function checksum(bytes: Uint8Array): number {
  let [a, b, c, d, e, f, g, h] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 1, 2, bytes.length];
  let [i0, j, k, l, m, n, o, p] = [3, 4, 5, 6, 7, 8, 9, 10];
  const isAligned = bytes.byteOffset % 4 === 0;
  const aligned = isAligned ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  let i = 0;
  for (const end = words.length - 15; i < end; i += 16) {
    a = (Math.imul(a, FACTOR) ^ words[i]) | 0;
    b = (Math.imul(b, FACTOR) ^ words[i + 1]) | 0;
    c = (Math.imul(c, FACTOR) ^ words[i + 2]) | 0;
    d = (Math.imul(d, FACTOR) ^ words[i + 3]) | 0;
    e = (Math.imul(e, FACTOR) ^ words[i + 4]) | 0;
    f = (Math.imul(f, FACTOR) ^ words[i + 5]) | 0;
    g = (Math.imul(g, FACTOR) ^ words[i + 6]) | 0;
    h = (Math.imul(h, FACTOR) ^ words[i + 7]) | 0;
    i0 = (Math.imul(i0, FACTOR) ^ words[i + 8]) | 0;
    j = (Math.imul(j, FACTOR) ^ words[i + 9]) | 0;
    k = (Math.imul(k, FACTOR) ^ words[i + 10]) | 0;
    l = (Math.imul(l, FACTOR) ^ words[i + 11]) | 0;
    m = (Math.imul(m, FACTOR) ^ words[i + 12]) | 0;
    n = (Math.imul(n, FACTOR) ^ words[i + 13]) | 0;
    o = (Math.imul(o, FACTOR) ^ words[i + 14]) | 0;
    p = (Math.imul(p, FACTOR) ^ words[i + 15]) | 0;
  }
  for (; i < words.length; i++) a = (Math.imul(a, FACTOR) ^ words[i]) | 0;
  for (let at = words.length * 4; at < aligned.length; at++) b = (Math.imul(b, FACTOR) ^ aligned[at]) | 0;
  let sum = a;
  for (const lane of [b, c, d, e, f, g, h, i0, j, k, l, m, n, o, p]) {
    sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) ^ lane;
  }
  return (sum ^ (sum >>> 13)) >>> 0;
}
