import { pause } from "../../base/time.ts";
import { messageOf } from "../../base/errors.ts";
import type { LogEvent } from "../../format/events/event.ts";
import { parseEvent } from "../../format/events/parse_event.ts";
import { logFile } from "../../format/layout/names.ts";
import { countLines, decodeUtf8, lengthOfLines, linesIn, NEWLINE } from "../../base/lines/lines_in.ts";
import { type LinePiece, readLines, type Span } from "../../base/lines/line_pieces.ts";
import type { Store } from "../../store/store.ts";
import { PlainCursor } from "./log_cursor.ts";
import type { LogCursor, ReadEvent, ReadOptions } from "./event_source.ts";
import { type Problem, problem } from "../problems/problem.ts";

/** Where a line starts. */
export interface LinePlace {
  /** Bytes from the start of the log. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

const CHUNK = 256 * 1024;

/** Reads a log. What follows the last line feed is not an event yet. */
export class LogReader {
  /** The log's file, relative to the repository. */
  readonly file: string;

  constructor(readonly store: Store, readonly folder: string, readonly name: string, readonly version: 0 | 1 = 1) {
    this.file = logFile(folder, name);
  }

  /** The length in bytes; 0 where there is no file yet. */
  async size(): Promise<number> {
    return (await this.store.stat(this.file))?.size ?? 0;
  }

  /** The events that are there now, one by one. */
  async *read(options: ReadOptions = {}): AsyncIterableIterator<ReadEvent> {
    for await (const batch of this.batches(options)) yield* batch;
  }

  /** The same in arrays, which is faster over many events. */
  async *batches(options: ReadOptions = {}): AsyncIterableIterator<ReadEvent[]> {
    for await (const { bytes, offset, line } of this.#chunks(options)) {
      const batch: ReadEvent[] = [];
      this.#parse(bytes, offset, line, batch, options.onProblem);
      if (batch.length > 0) yield batch;
    }
  }

  /** The events of the lines that start at some places, in arrays; the places must be in order. */
  async *at(places: readonly LinePlace[], options: ReadOptions = {}): AsyncIterableIterator<ReadEvent[]> {
    for (let from = 0; from < places.length;) {
      options.signal?.throwIfAborted();
      const start = places[from].offset;
      let to = from + 1;
      while (to < places.length && places[to].offset - start < CHUNK) to++;
      const last = places[to - 1].offset - start;
      let bytes = new Uint8Array();
      for (let length = last + 4096; bytes.indexOf(NEWLINE, last) < 0; length = last + (length - last) * 4) {
        bytes = await this.store.read(this.file, { offset: start, length });
        if (bytes.length < length) break;
      }
      const batch: ReadEvent[] = [];
      for (; from < to; from++) {
        const { offset, line } = places[from];
        const end = bytes.indexOf(NEWLINE, offset - start) + 1;
        if (end > 0) this.#parse(bytes.subarray(offset - start, end), offset, line, batch, options.onProblem);
      }
      yield batch;
    }
  }

  /** Each whole line as text, undefined where it is not UTF-8. `next`: where the following line starts. */
  async *lines(
    options: ReadOptions = {},
  ): AsyncIterableIterator<{ text: string | undefined; line: number | undefined; offset: number; next: number }> {
    for await (const { bytes, offset, line } of this.#chunks(options)) {
      let number = line;
      for (const { text, start, end } of linesIn(bytes)) {
        yield { text, line: number, offset: offset + start, next: offset + end };
        if (number !== undefined) number++;
      }
    }
  }

  /** Whole lines in pieces of bounded size; one line that is longer comes alone. */
  async *#chunks(
    options: ReadOptions,
  ): AsyncIterableIterator<LinePiece & { readonly line: number | undefined }> {
    let line = (options.offset ?? 0) === 0 ? 1 : undefined;
    const range = { offset: options.offset, size: await this.size(), length: CHUNK };
    const read = (span: Span) => {
      options.signal?.throwIfAborted();
      return this.store.read(this.file, span);
    };
    for await (const piece of readLines(range, read)) {
      yield { ...piece, line };
      if (line !== undefined) line += countLines(piece.bytes);
    }
  }

  /** The events that are there and those that come, until the signal aborts. */
  async *follow(
    options: ReadOptions & { readonly signal: AbortSignal; readonly pollMs?: number },
  ): AsyncIterableIterator<ReadEvent> {
    let offset = options.offset ?? 0;
    while (!options.signal.aborted) {
      for await (const batch of this.batches({ offset, onProblem: options.onProblem })) {
        for (const event of batch) {
          if (options.signal.aborted) return;
          yield event;
        }
        offset = batch[batch.length - 1].end;
      }
      await pause(options.pollMs ?? 200, options.signal);
    }
  }

  /** A place from which reading goes on: so many bytes from the start, which must be the start of a line. */
  cursor(offset = 0): Promise<LogCursor> {
    return Promise.resolve(new PlainCursor(this, offset));
  }

  /** The place behind what is there now. */
  async cursorAtEnd(): Promise<LogCursor> {
    return new PlainCursor(this, await this.wholeEnd());
  }

  /** The last `count` events, read from the end. Lines that are not events are skipped. */
  async last(count: number): Promise<ReadEvent[]> {
    let length = 4096;
    // A short log is read at once; of a longer one, the end.
    const head = await this.store.read(this.file, { length }).catch(() => new Uint8Array());
    const size = head.length < length ? head.length : await this.size();
    while (true) {
      const offset = Math.max(0, size - length);
      const bytes = size === head.length
        ? head
        : await this.store.read(this.file, { offset, length: size - offset }).catch(() => new Uint8Array());
      const from = offset === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
      const to = lengthOfLines(bytes);
      const events: ReadEvent[] = [];
      if (to > from) this.#parse(bytes.subarray(from, to), offset + from, offset + from === 0 ? 1 : undefined, events);
      if (events.length >= count || offset === 0) return events.slice(Math.max(0, events.length - count));
      length *= 4;
    }
  }

  /** Where the last whole line ends: what follows is torn. */
  wholeEnd(): Promise<number> {
    return this.startOfLast(0);
  }

  /** Where the last `count` whole lines start. Goes back piece by piece, however long the log or a line is. */
  async startOfLast(count: number): Promise<number> {
    let newlines = 0;
    let length = 4096;
    for (let end = await this.size(); end > 0; length = CHUNK) {
      const offset = Math.max(0, end - length);
      const bytes = await this.store.read(this.file, { offset, length: end - offset });
      for (let at = bytes.lastIndexOf(NEWLINE); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(NEWLINE, at - 1)) {
        // The first one met ends the last whole line, each further one the line before.
        if (newlines++ === count) return offset + at + 1;
      }
      end = offset;
    }
    return 0;
  }

  /** Parses whole lines into `into`. */
  #parse(
    bytes: Uint8Array<ArrayBuffer>,
    base: number,
    firstLine: number | undefined,
    into: ReadEvent[],
    onProblem?: (problem: Problem) => void,
  ): void {
    let line = firstLine;
    // Not by `linesIn`: this loop runs for each event that is read.
    const texts = decodeUtf8(bytes)?.split("\n");
    let start = 0;
    for (let index = 0; start < bytes.length; index++) {
      const end = bytes.indexOf(NEWLINE, start) + 1;
      const text = texts === undefined ? decodeUtf8(bytes.subarray(start, end - 1)) : texts[index];
      try {
        if (text === undefined) throw new Error("not UTF-8");
        const event = parseEvent(text, this.version) as LogEvent & {
          offset: number;
          end: number;
          line: number | undefined;
        };
        event.offset = base + start;
        event.end = base + end;
        event.line = line;
        into.push(event);
      } catch (error) {
        const offset = base + start;
        onProblem?.(problem("bad-line", { path: this.file, line, offset, message: messageOf(error) }));
      }
      if (line !== undefined) line++;
      start = end;
    }
  }
}
