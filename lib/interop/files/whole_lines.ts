import { areEqual } from "../../base/bytes.ts";
import { isObject, type Json } from "../../base/json.ts";
import { NEWLINE } from "../../base/lines/lines_in.ts";
import { readLines } from "../../base/lines/line_pieces.ts";

/** Bytes that are read at once. */
const PIECE = 1024 * 1024;

/** A longer line is not read. */
const MAX_LINE = 256 * 1024 * 1024;

/** Bytes in front of a place that are compared to see whether the file is still the same. */
const COMPARED = 64;

/** How far a file of lines was read. */
export interface LinePlace {
  readonly offset: number;
  /** Lines before it. */
  readonly line: number;
}

/** A line, without its line end. */
export interface TextLine {
  readonly text: string;
  /** From 1 on. */
  readonly number: number;
}

/** Lines that were read together, and the place behind them. */
export interface LineBatch {
  readonly lines: readonly TextLine[];
  readonly end: LinePlace;
}

/** A file of lines that may grow. */
export class GrowingLines {
  /** Bytes behind the last whole line, after all was read. */
  tornBytes = 0;

  constructor(readonly path: string, readonly signal?: AbortSignal) {}

  /** The place that a state says, if the file still holds what was read then; else the start. */
  async placeOf(state: Json | undefined): Promise<LinePlace> {
    const start = { offset: 0, line: 0 };
    if (!isObject(state)) return start;
    const { offset, line, before } = state;
    if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(line) || typeof before !== "string") return start;
    const place = { offset: Number(offset), line: Number(line) };
    return place.offset >= 0 && await this.#before(place.offset) === before ? place : start;
  }

  /** The first line, undefined where there is none, or it is very long. */
  async first(): Promise<string | undefined> {
    using file = await Deno.open(this.path);
    const bytes = await bytesAt(file, 0, PIECE);
    const end = bytes.indexOf(NEWLINE);
    return end < 0 ? undefined : decoder.decode(bytes.subarray(0, end)).replace(/\r$/, "");
  }

  /** A place as a state, which `placeOf` takes. */
  async stateOf({ offset, line }: LinePlace): Promise<Json> {
    return { offset, line, before: await this.#before(offset) ?? null };
  }

  /** The whole lines behind a place. What is not UTF-8 is read as U+FFFD. */
  async *read(from: LinePlace): AsyncGenerator<LineBatch, void> {
    using file = await Deno.open(this.path);
    const { size } = await file.stat();
    let { offset, line } = from;
    const read = async ({ offset, length }: { offset: number; length: number }): Promise<Uint8Array<ArrayBuffer>> => {
      this.signal?.throwIfAborted();
      return await bytesAt(file, offset, length);
    };
    for await (const piece of readLines({ offset, size, length: PIECE, maxLine: MAX_LINE }, read)) {
      const texts = decoder.decode(piece.bytes).split("\n");
      texts.pop();
      const first = line + 1;
      line += texts.length;
      offset = piece.offset + piece.bytes.length;
      const lines = texts.map((text, at) => ({
        text: text.endsWith("\r") ? text.slice(0, -1) : text,
        number: first + at,
      }));
      yield { lines, end: { offset, line } };
    }
    this.tornBytes = size - offset;
  }

  /** The text behind the last line feed, after all was read. */
  async torn(): Promise<string> {
    using file = await Deno.open(this.path);
    const { size } = await file.stat();
    const length = Math.min(this.tornBytes, MAX_LINE);
    return decoder.decode(await bytesAt(file, Math.max(0, size - this.tornBytes), length));
  }

  /** What stands in front of a place, as text; undefined where the file is shorter, or no line ends there. */
  async #before(offset: number): Promise<string | undefined> {
    if (offset === 0) return "";
    using file = await Deno.open(this.path);
    const from = Math.max(0, offset - COMPARED);
    const bytes = await bytesAt(file, from, offset - from);
    if (bytes.length < offset - from || !areEqual(bytes.subarray(-1), LINE_FEED)) return undefined;
    return bytes.toBase64();
  }
}

async function bytesAt(file: Deno.FsFile, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  let count = 0;
  while (count < length) {
    const more = await file.read(bytes.subarray(count));
    if (more === null) break;
    count += more;
  }
  return bytes.subarray(0, count);
}

const LINE_FEED = Uint8Array.of(NEWLINE);

/** A byte order mark at the start of a file is passed over. */
const decoder = new TextDecoder();
