import type { Value } from "../../values/value.ts";
import type { Cells } from "./cell_types.ts";
import { varintLength, writeVarint } from "./varint.ts";

const encoder = new TextEncoder();
const NOTHING = new Uint8Array(0);

/** The type of a value in the head of a record, and its bytes in the body. */
export interface ValueCell {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A value as it stands in a record. */
export function cellOfValue(value: Value): ValueCell {
  if (value === null) return { type: 0, body: NOTHING };
  if (typeof value === "string") {
    const body = encoder.encode(value);
    return { type: 2 * body.length + 13, body };
  }
  if (typeof value === "object") return { type: 2 * value.length + 12, body: value };
  if (typeof value === "number" && Number.isNaN(value)) return { type: 0, body: NOTHING };
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  if (typeof value === "number") view.setFloat64(0, value);
  else if (value === 0n || value === 1n) return { type: 8 + Number(value), body: NOTHING };
  else if (BigInt.asIntN(8, value) === value) return { type: 1, body: Uint8Array.of(Number(value)) };
  else view.setBigInt64(0, value);
  return { type: typeof value === "number" ? 7 : 6, body };
}

/** Cells of values of any types. */
export function valueCells(values: readonly Value[]): Cells {
  const cells: ValueCell[] = [];
  return {
    measure(heads, bodies, count) {
      for (let row = 0; row < count; row++) {
        const cell = cellOfValue(values[row]);
        cells.push(cell);
        heads[row] += varintLength(cell.type);
        bodies[row] += cell.body.length;
      }
    },
    write({ bytes, heads, bodies }, count) {
      for (let row = 0; row < count; row++) {
        const { type, body } = cells[row];
        heads[row] = writeVarint(bytes, heads[row], type);
        bytes.set(body, bodies[row]);
        bodies[row] += body.length;
      }
    },
  };
}
