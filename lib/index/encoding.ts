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
  const values = new Float64Array(count);
  if (encoding === Encoding.Progression) {
    if (step === 0) return values.fill(base);
    for (let i = 0; i < count; i++) values[i] = base + i * step;
    return values;
  }
  const packed = encoding === Encoding.U8
    ? bytes
    : encoding === Encoding.U16
    ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
    : new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  for (let i = 0; i < count; i++) values[i] = packed[i] + base;
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
  if (base - base !== 0) {
    for (let i = 1; i < count; i++) if (!Object.is(values[i], base)) return undefined;
    return 0;
  }
  const step = count > 1 ? values[1] - base : 0;
  if (step === 0) {
    for (let i = 0; i < count; i++) if (!Object.is(values[i], base)) return undefined;
    return 0;
  }
  // Of whole numbers every term is exact; of others the sum might be rounded otherwise in another place.
  if (!Number.isInteger(step) || !Number.isInteger(base)) return undefined;
  for (let i = 1; i < count; i++) if (values[i] !== base + i * step) return undefined;
  return Object.is(values[-base / step], -0) ? undefined : step;
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

/** A sum over bytes that shows accidents (not attacks). Four lanes of multiply and add over words. */
export function checksum(bytes: Uint8Array): number {
  let [a, b, c, d] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, bytes.length];
  const isAligned = bytes.byteOffset % 4 === 0;
  const aligned = isAligned ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  let i = 0;
  for (const end = words.length - 3; i < end; i += 4) {
    a = (Math.imul(a, 0x01000193) ^ words[i]) | 0;
    b = (Math.imul(b, 0x01000193) ^ words[i + 1]) | 0;
    c = (Math.imul(c, 0x01000193) ^ words[i + 2]) | 0;
    d = (Math.imul(d, 0x01000193) ^ words[i + 3]) | 0;
  }
  for (; i < words.length; i++) a = (Math.imul(a, 0x01000193) ^ words[i]) | 0;
  for (let j = words.length * 4; j < aligned.length; j++) b = (Math.imul(b, 0x01000193) ^ aligned[j]) | 0;
  let sum = a;
  for (const lane of [b, c, d]) sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d) ^ lane;
  return (sum ^ (sum >>> 13)) >>> 0;
}
