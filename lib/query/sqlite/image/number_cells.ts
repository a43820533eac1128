import type { NumberType } from "../../vectors/vector.ts";
import type { Cells, Records } from "./cell_types.ts";

const REAL = 7;

/**
 * Cells of numbers; NaN is NULL. Of `numeric` ones whole numbers below 2^53 are INTEGERs.
 *
 * @param isMadeWhole Whether the column makes INTEGERs of all whole numbers that 64 bits hold.
 */
export function numberCells(data: Float64Array, type: NumberType, isMadeWhole: boolean): Cells {
  if (type === "real" && !isMadeWhole) return new RealCells(data);
  return new WholeCells(data, type === "numeric" && !isMadeWhole ? 2 ** 53 : 2 ** 63);
}

class RealCells implements Cells {
  constructor(readonly data: Float64Array) {}

  measure(heads: Int32Array, bodies: Int32Array, count: number): void {
    const { data } = this;
    for (let row = 0; row < count; row++) {
      heads[row]++;
      const number = data[row];
      if (number === number) bodies[row] += 8;
    }
  }

  write({ bytes, view, heads, bodies }: Records, count: number): void {
    const { data } = this;
    for (let row = 0; row < count; row++) {
      const number = data[row];
      if (number === number) {
        bytes[heads[row]++] = REAL;
        view.setFloat64(bodies[row], number);
        bodies[row] += 8;
      } else bytes[heads[row]++] = 0;
    }
  }
}

class WholeCells implements Cells {
  constructor(readonly data: Float64Array, readonly below: number) {}

  measure(heads: Int32Array, bodies: Int32Array, count: number): void {
    const { data, below } = this;
    for (let row = 0; row < count; row++) {
      heads[row]++;
      bodies[row] += LENGTHS[typeOf(data[row], below)];
    }
  }

  write({ bytes, view, heads, bodies }: Records, count: number): void {
    const { data, below } = this;
    for (let row = 0; row < count; row++) {
      const number = data[row];
      const type = typeOf(number, below);
      bytes[heads[row]++] = type;
      const at = bodies[row];
      if (type === REAL) view.setFloat64(at, number);
      else writeInteger(view, at, type, number);
      bodies[row] = at + LENGTHS[type];
    }
  }
}

/** Bytes of the body by type. */
export const LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** The type of a number: 0 is NULL, 1 to 6 are INTEGERs of more and more bytes, 7 is a REAL, 8 and 9 are 0 and 1. */
function typeOf(number: number, below: number): number {
  if (number !== number) return 0;
  if (Math.trunc(number) !== number || number >= below || number <= -below) return REAL;
  return integerType(number);
}

/** The type of a whole number of less than 2^63. */
function integerType(number: number): number {
  if (number >= -128 && number < 128) return number === 0 ? 8 : number === 1 ? 9 : 1;
  if (number >= -(2 ** 15) && number < 2 ** 15) return 2;
  if (number >= -(2 ** 23) && number < 2 ** 23) return 3;
  if (number >= -(2 ** 31) && number < 2 ** 31) return 4;
  return number >= -(2 ** 47) && number < 2 ** 47 ? 5 : 6;
}

function writeInteger(view: DataView, at: number, type: number, number: number): void {
  switch (type) {
    case 1:
      return view.setInt8(at, number);
    case 2:
      return view.setInt16(at, number);
    case 3:
      view.setInt8(at, number >> 16);
      return view.setUint16(at + 1, number & 0xffff);
    case 4:
      return view.setInt32(at, number);
    case 5:
      view.setInt16(at, Math.floor(number / 2 ** 32));
      return view.setUint32(at + 2, number >>> 0);
    case 6:
      return view.setBigInt64(at, BigInt(number));
  }
}
