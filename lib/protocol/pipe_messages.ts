import { DamageError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { concat } from "../base/bytes.ts";

/** Bytes of a head and of a piece of a body. */
const MAX_HEAD = 64 * 1024;
const MAX_PIECE = 2 * 1024 * 1024;

/** Reads bytes of a stream by their number. */
export class ByteReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array = new Uint8Array();

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** What has arrived but has not been taken yet. */
  get waiting(): Uint8Array {
    return this.#held;
  }

  /** Exactly so many bytes; undefined where the stream ends before the first of them. */
  async take(count: number): Promise<Uint8Array | undefined> {
    const pieces: Uint8Array[] = [this.#held];
    let there = this.#held.length;
    while (there < count) {
      const { done, value } = await this.#reader.read();
      if (done) {
        if (there === 0) return undefined;
        this.#held = concat(pieces);
        throw new DamageError("the connection ended in the middle of a message");
      }
      pieces.push(value);
      there += value.length;
    }
    const all = pieces.length === 1 ? pieces[0] : concat(pieces);
    this.#held = all.subarray(count);
    return all.subarray(0, count);
  }
}

/** Writes bytes wholly. */
export interface ByteWriter {
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * A request or an answer on a pipe: `u32` (big-endian) length of the head, the head (JSON), then pieces of the body, each
 * with its `u32` length, and a length of 0.
 */
export async function writeMessage(
  to: ByteWriter,
  head: Record<string, unknown>,
  body: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  const text = new TextEncoder().encode(JSON.stringify(head));
  await to.write(concat([u32(text.length), text]));
  for await (const piece of body ?? []) {
    for (let at = 0; at < piece.length; at += MAX_PIECE) {
      const part = piece.subarray(at, at + MAX_PIECE);
      await to.write(concat([u32(part.length), part]));
    }
  }
  await to.write(u32(0));
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

async function readLength(from: ByteReader, limit: number): Promise<number | undefined> {
  const bytes = await from.take(4);
  if (bytes === undefined) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (length > limit) throw new DamageError(notAMessage(bytes, from.waiting));
  return length;
}

/** How bytes that are not a message are described; text, such as a shell's greeting, by its beginning. */
function notAMessage(...bytes: Uint8Array[]): string {
  const text = new TextDecoder().decode(concat(bytes)).split("\n")[0].slice(0, 60);
  const isText = !/[\p{C}\ufffd]/u.test(text) && text.trim() !== "";
  return isText
    ? `it sent ${JSON.stringify(text)} instead of a dbx message; does a shell print a greeting there?`
    : "it sent something that is not a dbx message";
}

/** The next message; undefined at the end. Its body must be read before the next one. */
export async function readMessage(
  from: ByteReader,
): Promise<{ head: Record<string, unknown>; body: AsyncGenerator<Uint8Array<ArrayBuffer>, void> } | undefined> {
  const length = await readLength(from, MAX_HEAD);
  if (length === undefined) return undefined;
  let head: unknown;
  try {
    head = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await from.take(length)));
  } catch {
    throw new DamageError("it sent something that is not a dbx message");
  }
  if (!isObject(head)) throw new DamageError("it sent something that is not a dbx message");
  return { head, body: pieces(from) };
}

/** The pieces of a body. Of one that is cut, what came is given before the error. */
async function* pieces(from: ByteReader): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  while (true) {
    const length = await readLength(from, MAX_PIECE);
    if (length === 0) return;
    let bytes: Uint8Array | undefined;
    try {
      bytes = length === undefined ? undefined : await from.take(length);
    } catch (error) {
      if (from.waiting.length > 0) yield from.waiting as Uint8Array<ArrayBuffer>;
      throw error;
    }
    if (bytes === undefined) throw new DamageError("the connection ended in the middle of a message");
    yield bytes as Uint8Array<ArrayBuffer>;
  }
}
