import { deflateRawSync, inflateRawSync } from "node:zlib";
import { DamageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { kindOfName } from "../../format/kinds.ts";
import { concat, PART_BYTES } from "../parts.ts";
import type { Part } from "../store.ts";

/** Bytes that the head of a frame may have. */
const MAX_HEAD = 32 * 1024;

/** Fewer bytes are not worth compressing. */
const WORTH = 256;

/** The frame that says that nothing follows. Without it, what came was cut. */
export const LAST_FRAME = frame({ last: true }, new Uint8Array());

/** A part as frames: `u32` (big-endian) length of the head, the head (JSON), the bytes. Logs and definitions are deflated. */
export function* encodePart(part: Part): Generator<Uint8Array, void> {
  const { name, size, modifiedAt, error } = part;
  const isText = !name.startsWith("objects/") && kindOfName(name) !== "file";
  for (let at = 0; at === 0 || at < part.bytes.length; at += PART_BYTES) {
    const piece = part.bytes.subarray(at, at + PART_BYTES);
    const end = part.end && at + PART_BYTES >= part.bytes.length;
    const deflated = isText && piece.length >= WORTH ? deflateRawSync(piece, { level: 3 }) : undefined;
    const isSmaller = deflated !== undefined && deflated.length < piece.length;
    const bytes: Uint8Array = isSmaller ? deflated : piece;
    yield frame({
      name,
      offset: part.offset + at,
      size,
      length: bytes.length,
      ...(isSmaller && { inflated: piece.length }),
      ...(end && { end }),
      ...(end && modifiedAt !== undefined && { modifiedAt }),
      ...(end && error !== undefined && { error }),
    }, bytes);
  }
}

function frame(head: Record<string, unknown>, bytes: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const all = new Uint8Array(4 + text.length + bytes.length);
  new DataView(all.buffer).setUint32(0, text.length);
  all.set(text, 4);
  all.set(bytes, 4 + text.length);
  return all;
}

/**
 * The parts in a stream of frames, in batches as they come. What is no frame, a name that leaves the repository, a length
 * that lies, compressed bytes that grow beyond what they say, and a stream without its last frame are `DamageError`s.
 *
 * @param options `who`: where the frames come from, for messages. `limit`: bytes that all of them may hold, inflated.
 */
export async function* decodeParts(
  stream: AsyncIterable<Uint8Array>,
  options: { readonly who: string; readonly limit?: number },
): AsyncGenerator<readonly Part[], void> {
  const { who, limit = Infinity } = options;
  const refuse = (why: string): never => {
    throw new DamageError(`Cannot read what ${who} sends: ${why}`);
  };
  let held: Uint8Array = new Uint8Array();
  let pieces: Uint8Array[] = [];
  let waiting = 0, needed = 4, total = 0;
  let isOver = false;
  for await (const piece of stream) {
    if (isOver && piece.length > 0) refuse("bytes follow the last frame");
    pieces.push(piece);
    waiting += piece.length;
    if (held.length + waiting < needed) continue;
    held = concat([held, ...pieces]);
    pieces = [];
    waiting = 0;
    const batch: Part[] = [];
    let at = 0;
    while (!isOver) {
      needed = 4;
      if (held.length - at < needed) break;
      const headLength = new DataView(held.buffer, held.byteOffset + at).getUint32(0);
      if (headLength > MAX_HEAD) refuse(`the head of a frame has ${headLength} bytes`);
      needed = 4 + headLength;
      if (held.length - at < needed) break;
      const head = readHead(held.subarray(at + 4, at + needed), refuse);
      if (head === undefined) {
        isOver = true;
        at += needed;
        if (at < held.length) refuse("bytes follow the last frame");
        break;
      }
      needed += head.length;
      if (held.length - at < needed) break;
      const bytes = held.subarray(at + needed - head.length, at + needed);
      at += needed;
      total += head.inflated ?? bytes.length;
      if (total > limit) refuse(`it holds more than ${limit} bytes`);
      batch.push({ ...head.part, bytes: head.inflated === undefined ? bytes : inflate(bytes, head.inflated, refuse) });
    }
    held = held.subarray(at);
    if (batch.length > 0) yield batch;
  }
  if (!isOver) refuse("it was cut off");
}

function readHead(
  bytes: Uint8Array,
  refuse: (why: string) => never,
): { part: Omit<Part, "bytes">; length: number; inflated?: number } | undefined {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    refuse("the head of a frame is no JSON");
  }
  if (!isObject(head)) return refuse("the head of a frame is no object");
  if (head.last === true) return undefined;
  const { name, offset, size, length, inflated, end, modifiedAt, error } = head;
  if (typeof name !== "string" || kindOfName(name) === undefined) {
    return refuse(`${JSON.stringify(name)?.slice(0, 200)} is no file of a repository`);
  }
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(offset) || !isCount(size) || !isCount(length)) return refuse("a frame has no offset, size or length");
  if (length > PART_BYTES) refuse(`a frame of ${length} bytes`);
  if (inflated !== undefined && (!isCount(inflated) || inflated > PART_BYTES)) refuse("a frame says a wrong length");
  const time = typeof modifiedAt === "number" && Math.abs(modifiedAt) <= 8.64e15 ? Math.floor(modifiedAt) : undefined;
  return {
    part: {
      name,
      offset,
      size,
      end: end === true,
      modifiedAt: time,
      ...(typeof error === "string" && { error: error.slice(0, 1000) }),
    },
    length,
    inflated: inflated as number | undefined,
  };
}

function inflate(bytes: Uint8Array, length: number, refuse: (why: string) => never): Uint8Array {
  let inflated: Uint8Array;
  try {
    inflated = inflateRawSync(bytes, { maxOutputLength: Math.max(1, length) });
  } catch {
    return refuse("compressed bytes are broken or longer than they say");
  }
  return inflated.length === length ? inflated : refuse("compressed bytes are shorter than they say");
}
