import { checksum, decodeColumn, decodeInto, encodeColumn, encodedLength, Encoding } from "../encoding/encoding.ts";
import type { Numbers, NumberType } from "./footer_layout.ts";

/** How a column of a directory stands in a pack, without its bytes. */
export interface Block {
  readonly count: number;
  readonly encoding: Encoding;
  readonly base: number;
  readonly step: number;
}

/** The numbers that describe a block: its offset, those of `Block`, its checksum. */
export const BLOCK_NUMBERS = 6;

/** A column of a directory as bytes, and the numbers that describe it, except the offset. */
export function encodeBlock(
  values: Numbers,
  type: NumberType,
): {
  numbers: [count: number, encoding: number, base: number, step: number, check: number];
  bytes: Uint8Array<ArrayBuffer>;
} {
  if (type === "u8") {
    const bytes = values as Uint8Array<ArrayBuffer>;
    return { numbers: [bytes.length, Encoding.U8, 0, 0, checksum(bytes)], bytes };
  }
  const doubles = values instanceof Float64Array ? values : Float64Array.from(values as Uint32Array);
  const { count, encoding, base, step, bytes } = encodeColumn(doubles);
  return { numbers: [count, encoding, base, step, checksum(bytes)], bytes: bytes as Uint8Array<ArrayBuffer> };
}

/** The numbers of a column of a directory. `read`: gives its bytes, so many of them. */
export function decodeBlock(
  block: Block,
  type: NumberType,
  read: (length: number) => Uint8Array<ArrayBuffer>,
): Numbers {
  const { count, encoding } = block;
  const length = encodedLength(encoding, count);
  const bytes = length === 0 ? NO_BYTES : read(length);
  if (type === "u8") return bytes;
  if (type === "f64") return decodeColumn({ ...block, bytes });
  return decodeInto(new Uint32Array(count), { ...block, bytes });
}

const NO_BYTES = new Uint8Array();

/** The next multiple of eight. */
export function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}
