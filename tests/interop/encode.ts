// Writes protobuf, and the two kinds of files of records that are read: enough to make any of them, whole or broken.
import { crc32 } from "node:zlib";
import { concat } from "../../lib/base/bytes.ts";
import { crc32c, masked } from "../../lib/interop/wire/crc32c.ts";

const encoder = new TextEncoder();

/** A varint of 64 bits. */
export function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A field: a text, bytes, an integer, or a number as `double` or `float` makes it. */
export function field(number: number, value: string | Uint8Array | number | bigint | Fixed): Uint8Array {
  if (typeof value === "number" || typeof value === "bigint") return concat([varint(number * 8), varint(value)]);
  if (typeof value === "object" && "fixed" in value) {
    const { fixed } = value;
    return concat([varint(number * 8 + (fixed.length === 8 ? 1 : 5)), fixed]);
  }
  const bytes = typeof value === "string" ? encoder.encode(value) : value as Uint8Array;
  return concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A number of a fixed size. */
export interface Fixed {
  readonly fixed: Uint8Array;
}
export function double(value: number): Fixed {
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setFloat64(0, value, true);
  return { fixed };
}
export function float(value: number): Fixed {
  const fixed = new Uint8Array(4);
  new DataView(fixed.buffer).setFloat32(0, value, true);
  return { fixed };
}

/** A message of fields. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return concat(fields);
}

/** A record of a file of TensorBoard. */
export function eventRecord(bytes: Uint8Array): Uint8Array {
  const head = new Uint8Array(12);
  const view = new DataView(head.buffer);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setUint32(8, masked(crc32c(head, 0, 8)), true);
  const foot = new Uint8Array(4);
  new DataView(foot.buffer).setUint32(0, masked(crc32c(bytes)), true);
  return concat([head, bytes, foot]);
}

/** A scalar of TensorBoard, in the old encoding. */
export function scalar(tag: string, step: number, seconds: number, value: number): Uint8Array {
  const summary = message(field(1, message(field(1, tag), field(2, float(value)))));
  return eventRecord(message(field(1, double(seconds)), field(2, step), field(5, summary)));
}

/** The first record of a file of TensorBoard. */
export function version(seconds: number): Uint8Array {
  return eventRecord(message(field(1, double(seconds)), field(3, "brain.Event:2")));
}

/** A file of W&B of these records, in blocks of 32 KiB. */
export function wandbFile(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from([58, 87, 38, 66, 0xe1, 0xbe, 0])];
  let size = 7;
  const add = (bytes: Uint8Array) => {
    parts.push(bytes);
    size += bytes.length;
  };
  for (const record of records) {
    let at = 0;
    for (let isFirst = true; isFirst || at < record.length; isFirst = false) {
      if (32768 - size % 32768 < 7) add(new Uint8Array(32768 - size % 32768));
      const room = 32768 - size % 32768 - 7;
      const piece = record.subarray(at, at + room);
      at += piece.length;
      const isLast = at >= record.length;
      const head = new Uint8Array(7);
      const view = new DataView(head.buffer);
      view.setUint16(4, piece.length, true);
      head[6] = isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3;
      view.setUint32(0, crc32(concat([head.subarray(6), piece])), true);
      add(concat([head, piece]));
      if (isLast) break;
    }
  }
  return concat(parts);
}

/** The record of a W&B run. */
export function wandbRun(id: string, config: Readonly<Record<string, string>> = {}): Uint8Array {
  const items = Object.entries(config).map(([key, json]) => field(1, message(field(1, key), field(16, json))));
  const run = message(
    field(1, id),
    field(3, "proj"),
    field(4, message(...items)),
    field(8, `run ${id}`),
    field(17, message(field(1, 1700000000), field(2, 5_000_000))),
  );
  return message(field(17, run));
}

/** A record of values that were logged by W&B. */
export function wandbHistory(step: number, values: Readonly<Record<string, string>>): Uint8Array {
  const all = { ...values, _step: String(step), _timestamp: String(1700000000 + step) };
  const items = Object.entries(all).map(([key, json]) => field(1, message(field(2, key), field(16, json))));
  return message(field(2, message(...items, field(2, message(field(1, step))))));
}

/** The record of the end of a W&B run. */
export function wandbExit(code: number): Uint8Array {
  return message(field(18, message(field(1, code), field(2, 60))));
}
