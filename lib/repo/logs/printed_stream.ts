import { NEWLINE } from "../../base/lines/lines_in.ts";
import { type PrintedLine, printedLineOf } from "../../format/events/printed_line.ts";
import type { LogReader } from "./log_reader.ts";

const PIECE = 256 * 1024;
/** The printed lines that are kept in a log of events, from its front to its back. */
export class PrintedStream {
  #lines: ReturnType<LogReader["lines"]> | undefined;
  /** A line that was read and not given yet. */
  #next: { readonly text: string | undefined; readonly next: number } | undefined;
  #signal: AbortSignal | undefined;

  /** `at`: bytes of the log that are skipped. */
  constructor(readonly log: LogReader, public at: number) {}

  /** The printed lines in the first `size` bytes that were not given yet, as far as they are there, in arrays. */
  async *upTo(size: number, signal?: AbortSignal): AsyncGenerator<PrintedLine[]> {
    let found: PrintedLine[] = [];
    let bytes = 0;
    this.#signal = signal;
    while (this.at < size) {
      const line = this.#next ?? await this.#read();
      if (line === undefined) break;
      this.#next = undefined;
      if (line.next > size) {
        this.#next = line;
        break;
      }
      bytes += line.next - this.at;
      this.at = line.next;
      const printed = line.text === undefined ? undefined : printedLineOf(line.text);
      if (printed !== undefined) found.push(printed);
      if (bytes < PIECE) continue;
      if (found.length > 0) yield found;
      [found, bytes] = [[], 0];
    }
    if (found.length > 0) yield found;
  }

  /** The next line; undefined where there is none yet. */
  async #read(): Promise<{ readonly text: string | undefined; readonly next: number } | undefined> {
    // One that was begun before knows only what was there then.
    for (const isFresh of this.#lines === undefined ? [true] : [false, true]) {
      if (isFresh) this.#lines = this.log.lines({ offset: this.at, signal: this.#signal });
      const { value, done } = await this.#lines!.next();
      if (!done) return value;
    }
    this.#lines = undefined;
    return undefined;
  }
}

/**
 * The lines in some bytes of a log of events, from the back to the front: what was printed, or undefined for a line that is
 * an event only. `from` and `to` are where lines start.
 */
export async function* printedBackwards(
  log: LogReader,
  from: number,
  to: number,
): AsyncGenerator<PrintedLine | undefined> {
  let length = 4096;
  // A copy may not have all of it yet.
  for (let end = Math.min(to, await log.size()); end > from;) {
    const start = Math.max(from, end - length);
    const bytes = await log.store.read(log.file, { offset: start, length: end - start });
    let whole = bytes.lastIndexOf(NEWLINE) + 1;
    const first = start === from ? 0 : bytes.indexOf(NEWLINE) + 1;
    if (start > from && (first === 0 || first === whole)) {
      length *= 4; // A line that is longer.
      continue;
    }
    while (whole > first) {
      const before = whole < 2 ? 0 : bytes.lastIndexOf(NEWLINE, whole - 2) + 1;
      const line = Math.max(first, before);
      yield printedLineOf(decoder.decode(bytes.subarray(line, whole - 1)));
      whole = line;
    }
    end = start + first;
    length = PIECE;
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
