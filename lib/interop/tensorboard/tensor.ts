import type { ForeignValue } from "../foreign.ts";
import { float, integer } from "../values.ts";
import { Message } from "../wire/protobuf.ts";

/** A tensor with all its values. */
export interface Tensor {
  readonly type: string;
  readonly shape: readonly number[];
  /** Of texts, the bytes of each; of numbers, what is to be written of each. */
  readonly texts: readonly Uint8Array[] | undefined;
  readonly numbers: readonly ForeignValue[] | undefined;
  /** The number of a tensor that holds one. */
  readonly single: number | undefined;
}

const TYPES: Readonly<Record<number, string>> = {
  1: "float32",
  2: "float64",
  3: "int32",
  4: "uint8",
  5: "int16",
  6: "int8",
  7: "string",
  8: "complex64",
  9: "int64",
  10: "bool",
  14: "bfloat16",
  17: "uint16",
  18: "complex128",
  19: "float16",
  22: "uint32",
  23: "uint64",
};

/** Fields that hold values, and how they are packed. */
const LISTS: Readonly<Record<number, "float" | "double" | "integer">> = {
  5: "float",
  6: "double",
  7: "integer",
  9: "float",
  10: "integer",
  11: "integer",
  12: "double",
  13: "integer",
  16: "integer",
  17: "integer",
};

/** Values that are made of the last one at most: a shape costs its writer nothing. */
const MAX_FILLED = 65536;

/** Reads a tensor in any of its encodings. Throws `ProtobufError` for a malformed one. */
export function readTensor(bytes: Uint8Array): Tensor {
  const message = new Message(bytes);
  let type = 0;
  const shape: number[] = [];
  let content: Uint8Array | undefined;
  const listed: number[] = [];
  const texts: Uint8Array[] = [];
  while (message.next()) {
    if (message.field === 1) type = message.integer();
    else if (message.field === 2) readShape(message.message(), shape);
    else if (message.field === 4) content = message.slice();
    else if (message.field === 8) texts.push(message.slice());
    else if (LISTS[message.field] !== undefined) message.addTo(listed, LISTS[message.field]);
  }
  const name = TYPES[type] ?? `type ${type}`;
  if (name === "string") return { type: name, shape, texts, numbers: undefined, single: undefined };
  const values = content !== undefined && content.length > 0
    ? contentValues(name, content)
    : listedValues(name, listed);
  const count = shape.reduce((product, size) => product * size, 1);
  // The last value stands for all that follow.
  const step = name.startsWith("complex") ? 2 : 1;
  if (values.length === 0 && count > 0) values.push(...new Array<number>(step).fill(0));
  while (values.length > 0 && values.length < Math.min(count * step, MAX_FILLED)) {
    values.push(values[values.length - step]);
  }
  const numbers = values.map((value) => numberOf(name, value));
  return { type: name, shape, texts: undefined, numbers, single: values.length === 1 ? Number(values[0]) : undefined };
}

function readShape(message: Message, shape: number[]): void {
  while (message.next()) {
    if (message.field !== 2) continue;
    const dimension = message.message();
    let size = 0;
    while (dimension.next()) if (dimension.field === 1) size = dimension.integer();
    shape.push(size);
  }
}

function listedValues(type: string, listed: number[]): (number | bigint)[] {
  if (type === "float16") return listed.map(half);
  if (type === "bfloat16") return listed.map(brainFloat);
  return listed;
}

function contentValues(type: string, content: Uint8Array): (number | bigint)[] {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const read = (size: number, value: (at: number) => number | bigint) =>
    Array.from({ length: Math.floor(content.length / size) }, (_, at) => value(at * size));
  switch (type) {
    case "float32":
    case "complex64":
      return read(4, (at) => view.getFloat32(at, true));
    case "float64":
    case "complex128":
      return read(8, (at) => view.getFloat64(at, true));
    case "int32":
      return read(4, (at) => view.getInt32(at, true));
    case "uint32":
      return read(4, (at) => view.getUint32(at, true));
    case "int64":
      return read(8, (at) => view.getBigInt64(at, true));
    case "uint64":
      return read(8, (at) => view.getBigUint64(at, true));
    case "int16":
      return read(2, (at) => view.getInt16(at, true));
    case "uint16":
      return read(2, (at) => view.getUint16(at, true));
    case "int8":
      return read(1, (at) => view.getInt8(at));
    case "uint8":
    case "bool":
      return read(1, (at) => view.getUint8(at));
    case "float16":
      return read(2, (at) => half(view.getUint16(at, true)));
    case "bfloat16":
      return read(2, (at) => brainFloat(view.getUint16(at, true)));
  }
  return [];
}

function numberOf(type: string, value: number | bigint): ForeignValue {
  if (type === "bool") return Number(value) !== 0;
  if (/^u?int/.test(type)) return integer(value);
  return float(Number(value));
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function brainFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16 >>> 0);
  return view.getFloat32(0);
}
