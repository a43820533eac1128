import type { Vector } from "../../vector.ts";
import { columnCodes } from "./column_codes.ts";
import { NumberCodes } from "./number_codes.ts";

/** Codes of rows by several columns: rows whose keys are all equal have one code, those with a NULL among their keys -1. */
export interface KeyCodes {
  /** The codes of the rows that it was made of. */
  readonly codes: Int32Array;
  /** All codes are below. */
  readonly cardinality: number;
  /** Whether there are not many more codes than are used. */
  readonly isDense: boolean;
  /** Writes the codes of other rows by their keys; -1 for those whose keys it does not hold. */
  encode(keys: readonly Vector[], count: number, into: Int32Array): void;
}

/**
 * Combines the codes of columns to one number, column by column. There are about as many codes as rows at most: where the
 * combinations that could be are many more, those that there are get codes by hash.
 */
export function keyCodes(keys: readonly Vector[], count: number): KeyCodes {
  const most = Math.max(2 ** 16, 4 * count);
  const [first, ...rest] = keys.map((key, at) => codesOfKey(key, at, count));
  const all = rest.reduce((left, right) => product(left, right, most), first);
  return all.cardinality > most ? dense(all) : all;
}

function codesOfKey(key: Vector, at: number, count: number): KeyCodes {
  const column = columnCodes(key, count);
  const { codes, cardinality } = column;
  const { isDense } = column;
  return { codes, cardinality, isDense, encode: (keys, count, into) => column.encode(keys[at], count, into) };
}

function product(left: KeyCodes, right: KeyCodes, most: number): KeyCodes {
  if (left.cardinality * right.cardinality > most) left = dense(left);
  if (left.cardinality * right.cardinality > most) right = dense(right);
  const cardinality = left.cardinality * right.cardinality;
  return cardinality > most ? hashedProduct(left, right) : directProduct(left, right);
}

function directProduct(left: KeyCodes, right: KeyCodes): KeyCodes {
  const by = right.cardinality;
  const combine = (into: Int32Array, other: Int32Array, count: number): void => {
    for (let row = 0; row < count; row++) {
      into[row] = into[row] < 0 || other[row] < 0 ? -1 : into[row] * by + other[row];
    }
  };
  return combined(left, right, left.cardinality * by, combine, combine);
}

function hashedProduct(left: KeyCodes, right: KeyCodes): KeyCodes {
  const numbers = new NumberCodes();
  const by = right.cardinality;
  const add = (into: Int32Array, other: Int32Array, count: number): void => {
    for (let row = 0; row < count; row++) {
      into[row] = into[row] < 0 || other[row] < 0 ? -1 : numbers.add(into[row] * by + other[row]);
    }
  };
  const find = (into: Int32Array, other: Int32Array, count: number): void => {
    for (let row = 0; row < count; row++) {
      into[row] = into[row] < 0 || other[row] < 0 ? -1 : numbers.find(into[row] * by + other[row]);
    }
  };
  return combined(left, right, numbers, add, find);
}

type Combine = (into: Int32Array, other: Int32Array, count: number) => void;

/** `add` combines the codes that there are, `find` those of other rows. The codes of the left are written over. */
function combined(
  left: KeyCodes,
  right: KeyCodes,
  cardinality: number | NumberCodes,
  add: Combine,
  find: Combine,
): KeyCodes {
  const { codes } = left;
  add(codes, right.codes, codes.length);
  let other = new Int32Array();
  return {
    codes,
    cardinality: typeof cardinality === "number" ? cardinality : cardinality.size,
    isDense: typeof cardinality !== "number",
    encode(keys, count, into) {
      left.encode(keys, count, into);
      if (other.length < count) other = new Int32Array(count);
      right.encode(keys, count, other);
      find(into, other, count);
    },
  };
}

/** Only the codes that there are. The codes are written over. */
function dense(all: KeyCodes): KeyCodes {
  if (all.isDense) return all;
  const numbers = new NumberCodes();
  const { codes } = all;
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) codes[row] = numbers.add(codes[row]);
  return {
    codes,
    cardinality: numbers.size,
    isDense: true,
    encode(keys, count, into) {
      all.encode(keys, count, into);
      for (let row = 0; row < count; row++) if (into[row] >= 0) into[row] = numbers.find(into[row]);
    },
  };
}
