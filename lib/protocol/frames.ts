import { OBJECTS_FOLDER } from "../format/layout/names.ts";
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { DamageError, GarbledError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { classifyPath } from "../format/layout/file_kind.ts";
import { isSha256 } from "../format/json/special_values.ts";
import { concat } from "../base/bytes.ts";
import { CHUNK_BYTES } from "../store/file_chunks.ts";
import { FrameOrder } from "./frame_order.ts";
import type { FileChunk } from "../store/store.ts";

/** Bytes that the head of a frame may have. */
const MAX_HEAD = 32 * 1024;

/** Fewer bytes are not worth compressing. */
const MIN_COMPRESSED_BYTES = 256;

/** Bytes that are read behind a frame in a wrong order, to find out why it is. */
const MAX_SKIPPED_BYTES = 16 * 1024 * 1024;

/** Bytes before the head of a frame: the lengths of its head and of its bytes. */
const PREFIX = 8;

/** Bytes after a frame's own: its CRC-32. */
const CHECK = 4;

/** What the last frame says of all before it: their number, and the CRC-32 of their checksums. */
class Tally {
  frames = 0;
  #check = 0;

  /** Counts a frame by its checksum, as it stands in the frame. */
  add(check: Uint8Array): void {
    this.frames++;
    this.#check = crc32(check, this.#check);
  }

  get check(): string {
    return this.#check.toString(16).padStart(8, "0");
  }
}

/** Writes parts as frames, and counts them. */
export class FrameEncoder {
  #tally = new Tally();

  /** The frames of a part. */
  *encode(part: FileChunk): Generator<Uint8Array<ArrayBuffer>, void> {
    for (const piece of pieces(part, CHUNK_BYTES)) {
      const frame = frameOf(piece);
      this.#tally.add(frame.subarray(-CHECK));
      yield frame;
    }
  }

  /** The frame that says that nothing follows; without it, what came was cut. What is written then starts again. */
  last(): Uint8Array<ArrayBuffer> {
    const last = lastOf(this.#tally);
    this.#tally = new Tally();
    return last;
  }
}

/** Frames, and the one that says that nothing follows. */
export function bodyOf(frames: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const tally = new Tally();
  for (const frame of frames) tally.add(frame.subarray(-CHECK));
  return concat([...frames, lastOf(tally)]);
}

/**
 * A part in pieces of at most so many bytes. `size`: what the parts before it said of the file; the end of a log may say less.
 */
export function* pieces(part: FileChunk, most: number, size: number = part.size): Generator<FileChunk, void> {
  const { bytes, offset, end, modifiedAt, error, ...rest } = part;
  for (let at = 0; at === 0 || at < bytes.length; at += most) {
    const isEnd = end && at + most >= bytes.length;
    yield {
      ...rest,
      ...(!isEnd && { size }),
      offset: offset + at,
      bytes: bytes.subarray(at, at + most),
      end: isEnd,
      ...(isEnd && modifiedAt !== undefined && { modifiedAt }),
      ...(isEnd && error !== undefined && { error }),
    };
  }
}

/** The frame of a part of at most {@linkcode CHUNK_BYTES}. Logs and definitions are deflated. */
export function frameOf(
  { name, offset, bytes, size, sha256, end, modifiedAt, error }: FileChunk,
): Uint8Array<ArrayBuffer> {
  const isText = !name.startsWith(`${OBJECTS_FOLDER}/`) && classifyPath(name) !== "file";
  const deflated = isText && bytes.length >= MIN_COMPRESSED_BYTES ? deflateRawSync(bytes, { level: 3 }) : undefined;
  const isSmaller = deflated !== undefined && deflated.length < bytes.length;
  const head = {
    name,
    offset,
    size,
    ...(sha256 !== undefined && { sha256 }),
    ...(isSmaller && { inflated: bytes.length }),
    ...(end && { end }),
    ...(modifiedAt !== undefined && { modifiedAt }),
    ...(error !== undefined && { error }),
  };
  return frame(JSON.stringify(head), isSmaller ? deflated : bytes);
}

function lastOf({ frames, check }: Tally): Uint8Array<ArrayBuffer> {
  return frame(JSON.stringify({ last: true, frames, check }), new Uint8Array());
}

/**
 * A frame with its checksum: the lengths of head and bytes (`u32` each, big-endian), the head (JSON), the bytes, and the CRC-32
 * of all that.
 */
export function frame(head: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(head);
  const all = new Uint8Array(PREFIX + text.length + bytes.length + CHECK);
  const view = new DataView(all.buffer);
  view.setUint32(0, text.length);
  view.setUint32(4, bytes.length);
  all.set(text, PREFIX);
  all.set(bytes, PREFIX + text.length);
  view.setUint32(all.length - CHECK, crc32(all.subarray(0, -CHECK)));
  return all;
}

/**
 * The parts in a stream of frames, in batches as they come. A wrong checksum, a frame that is missing or comes twice, and a
 * stream without its last frame are a `GarbledError`; a frame that is whole and breaks the rules (a name that leaves the
 * repository, compressed bytes that grow beyond what they say, a file that ends before its length) is a `DamageError`.
 *
 * @param options `who`: where the frames come from, for messages. `limit`: bytes that all of them may hold, inflated.
 */
export async function* decodeParts(
  stream: AsyncIterable<Uint8Array>,
  options: { readonly who: string; readonly limit?: number },
): AsyncGenerator<readonly FileChunk[], void> {
  const { who, limit = Infinity } = options;
  const refuse = (why: string): never => {
    throw new DamageError(`Cannot read what ${who} sends: ${why}`);
  };
  const garbled = (why: string): never => {
    throw new GarbledError(`Cannot read what ${who} sends: ${why}`);
  };
  const tally = new Tally();
  const order = new FrameOrder();
  let held: Uint8Array = new Uint8Array();
  let pieces: Uint8Array[] = [];
  let waiting = 0, needed = PREFIX, total = 0;
  let isOver = false;
  let wrong: string | undefined;
  let passed = 0;
  for await (const piece of stream) {
    if (isOver && piece.length > 0) garbled("bytes follow the last frame");
    pieces.push(piece);
    waiting += piece.length;
    if (held.length + waiting < needed) continue;
    held = concat([held, ...pieces]);
    pieces = [];
    waiting = 0;
    const batch: FileChunk[] = [];
    let at = 0;
    while (!isOver) {
      needed = PREFIX;
      if (held.length - at < needed) break;
      const view = new DataView(held.buffer, held.byteOffset + at);
      const headLength = view.getUint32(0);
      const length = view.getUint32(4);
      if (headLength > MAX_HEAD) garbled(`the header of a frame has ${headLength} bytes`);
      if (length > CHUNK_BYTES) garbled(`a frame of ${length} bytes`);
      needed = PREFIX + headLength + length + CHECK;
      if (held.length - at < needed) break;
      const whole = held.subarray(at, at + needed);
      if (crc32(whole.subarray(0, -CHECK)) !== view.getUint32(needed - CHECK)) garbled("a checksum is wrong");
      at += needed;
      const head = readHead(whole.subarray(PREFIX, PREFIX + headLength), refuse);
      if ("last" in head) {
        if (head.frames !== tally.frames || head.check !== tally.check) {
          garbled("frames are missing or were sent twice");
        }
        if (wrong !== undefined) refuse(wrong);
        if (at < held.length) garbled("bytes follow the last frame");
        isOver = true;
        break;
      }
      tally.add(whole.subarray(-CHECK));
      const bytes = whole.subarray(PREFIX + headLength, -CHECK);
      total += head.inflated ?? bytes.length;
      if (total > limit) refuse(`it holds more than ${limit} bytes`);
      const part = {
        ...head.part,
        bytes: head.inflated === undefined ? bytes : inflate(bytes, head.inflated, refuse),
      };
      const fault = FrameOrder.fault(part);
      if (fault !== undefined) refuse(fault);
      // A frame that was lost or came twice on the way looks like a wrong order too: the last frame says why, if it is
      // near.
      wrong ??= order.next(part);
      if (wrong === undefined) batch.push(part);
      else if ((passed += needed) > MAX_SKIPPED_BYTES) refuse(wrong);
    }
    held = held.subarray(at);
    if (batch.length > 0) yield batch;
  }
  if (!isOver) garbled(wrong ?? "it was cut off");
}

function readHead(
  bytes: Uint8Array,
  refuse: (why: string) => never,
): { part: Omit<FileChunk, "bytes">; inflated?: number } | { last: true; frames: unknown; check: unknown } {
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    refuse("the header of a frame is not valid JSON");
  }
  if (!isObject(head)) return refuse("the header of a frame is not an object");
  if (head.last === true) return { last: true, frames: head.frames, check: head.check };
  const { name, offset, size, sha256, inflated, end, modifiedAt, error } = head;
  if (typeof name !== "string" || classifyPath(name) === undefined) {
    return refuse(`${JSON.stringify(name)?.slice(0, 200)} is not a file that belongs in a repository`);
  }
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(offset) || !isCount(size)) return refuse("a frame has no offset or size");
  if (inflated !== undefined && (!isCount(inflated) || inflated > CHUNK_BYTES)) {
    refuse("a frame declares a wrong length");
  }
  if (sha256 !== undefined && !isSha256(sha256)) refuse("a frame declares a malformed SHA-256");
  const time = typeof modifiedAt === "number" && Math.abs(modifiedAt) <= 8.64e15 ? Math.floor(modifiedAt) : undefined;
  return {
    part: {
      name,
      offset,
      size,
      end: end === true,
      modifiedAt: time,
      ...(sha256 !== undefined && { sha256: sha256 as string }),
      ...(typeof error === "string" && { error: error.slice(0, 1000) }),
    },
    inflated: inflated as number | undefined,
  };
}

function inflate(bytes: Uint8Array, length: number, refuse: (why: string) => never): Uint8Array {
  let inflated: { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
  try {
    const options = { maxOutputLength: Math.max(1, length), info: true };
    inflated = inflateRawSync(bytes, options) as unknown as typeof inflated;
  } catch {
    return refuse("compressed bytes are corrupt or longer than declared");
  }
  if (inflated.engine.bytesWritten !== bytes.length) refuse("bytes follow the compressed ones");
  return inflated.buffer.length === length ? inflated.buffer : refuse("compressed bytes are shorter than declared");
}
