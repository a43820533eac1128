import { crc32c, masked } from "../wire/crc32c.ts";
import type { GrowingBytes } from "../wire/growing_bytes.ts";

/** Length and its checksum before a record, and the checksum of the record behind it. */
const HEADER = 12;
const FOOTER = 4;

/** A longer record is passed over: it would have to be held in memory. */
export const MAX_RECORD = 128 * 1024 * 1024;

/** What is next in a file of records. */
export type Found =
  /** `at` and `end`: where in the bytes that are held. */
  | { readonly kind: "record"; readonly at: number; readonly end: number }
  /** Bytes that are not a record were passed over. */
  | { readonly kind: "damage"; readonly offset: number; readonly what: string }
  /** The file ends, or within a record: `left` bytes of it are there. */
  | { readonly kind: "end"; readonly left: number };

/** Goes to the next record: u64 length, u32 masked CRC-32C of it, the bytes, u32 masked CRC-32C of these. */
export async function nextRecord(file: GrowingBytes): Promise<Found> {
  if (!await file.need(HEADER)) return { kind: "end", left: file.held };
  const length = lengthAt(file.bytes, file.at);
  if (length === undefined) return await resynchronise(file, "the length of a record is damaged");
  if (length > MAX_RECORD) {
    const { offset } = file;
    if (!await file.skip(HEADER + length + FOOTER)) return { kind: "end", left: HEADER };
    return { kind: "damage", offset, what: `a record of ${length} bytes is too long` };
  }
  const size = HEADER + length + FOOTER;
  if (!await file.need(size)) return await tornOrDamaged(file, size);
  const at = file.at + HEADER;
  const end = at + length;
  if (uint32(file.bytes, end) !== masked(crc32c(file.bytes, at, end))) {
    const { offset } = file;
    file.take(size);
    return { kind: "damage", offset, what: "the checksum of a record does not fit its bytes" };
  }
  file.take(size);
  return { kind: "record", at, end };
}

/** The length of the record that begins there; undefined where its checksum does not fit. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  if (uint32(bytes, at + 8) !== masked(crc32c(bytes, at, at + 8))) return undefined;
  return uint32(bytes, at) + uint32(bytes, at + 4) * 2 ** 32;
}

/** The file ends before the record does: it is being written. */
function tornOrDamaged(file: GrowingBytes, size: number): Found {
  return { kind: "end", left: Math.min(size, file.held) };
}

/** Looks for the next place at which a record may begin. */
async function resynchronise(file: GrowingBytes, what: string): Promise<Found> {
  const { offset } = file;
  do {
    file.take(1);
    const last = file.bytes.length - HEADER;
    for (let at = file.at; at <= last; at++) {
      if (lengthAt(file.bytes, at) === undefined) continue;
      file.take(at - file.at);
      return { kind: "damage", offset, what };
    }
    file.take(Math.max(0, last + 1 - file.at));
  } while (await file.need(HEADER + 1));
  file.take(file.held);
  return { kind: "damage", offset, what };
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}
