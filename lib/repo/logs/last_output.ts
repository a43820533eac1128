import { PRINTED_EVENT } from "../../format/events/printed_line.ts";
import type { LogReader } from "./log_reader.ts";
import type { ReadEvent } from "./event_source.ts";
import { asOutput, placeIn, type PrintedLog } from "./printed_place.ts";
import { printedBackwards } from "./printed_stream.ts";

/** Lines of the log `stdout` that are looked at first. */
const WINDOW = 64;

/** The last `count` lines that a run printed: those of the log `stdout` and, between them, those of the logs of events. */
export async function lastOutput(own: LogReader, logs: readonly PrintedLog[], count: number): Promise<ReadEvent[]> {
  if (count <= 0) return [];
  for (let wanted = Math.max(WINDOW, count);; wanted *= 4) {
    // The log of lines first: what is found at the end of another one then comes after it, or stands between its lines.
    const window = await own.last(wanted);
    const found = await new Backwards(window, window.length < wanted, logs, count).events();
    if (found !== undefined) return found;
  }
}

/** Goes back from the end of the output, through the last lines of the log `stdout`. */
class Backwards {
  readonly #events: ReadEvent[] = [];

  /** `isWhole`: whether the window holds the whole log. */
  constructor(
    readonly window: readonly ReadEvent[],
    readonly isWhole: boolean,
    readonly logs: readonly PrintedLog[],
    readonly count: number,
  ) {}

  /** The last lines in order; undefined where the window is too short to know. */
  async events(): Promise<ReadEvent[] | undefined> {
    for (const log of this.logs.toReversed()) if (!await this.#unplaced(log)) return undefined;
    for (let at = this.window.length - 1; at >= 0 && !this.#isFull; at--) {
      const event = this.window[at];
      const place = placeIn(event);
      if (place === undefined) {
        if (event.event !== PRINTED_EVENT) this.#events.push(event);
        continue;
      }
      const log = this.logs.find(({ name }) => name === place.log);
      if (log === undefined) continue;
      const from = place.from ?? this.#placedBefore(at, place.log);
      if (from === undefined) return undefined;
      for await (const line of printedBackwards(log.reader, from, place.size)) {
        if (line !== undefined) this.#events.push(asOutput(line, log.stream, event.offset));
        if (this.#isFull) break;
      }
    }
    return this.#isFull || this.isWhole ? this.#events.slice(0, this.count).reverse() : undefined;
  }

  get #isFull(): boolean {
    return this.#events.length >= this.count;
  }

  /** How far a log of events had its place before a line of the window; undefined where that is further back. */
  #placedBefore(at: number, log: string): number | undefined {
    for (at--; at >= 0; at--) {
      const place = placeIn(this.window[at]);
      if (place?.log === log) return place.size;
    }
    return this.isWhole ? 0 : undefined;
  }

  /**
   * Takes the lines at the end of a log of events that have no place yet. Events that are not printed lines are never
   * among them. False where the window is too short to tell which these are.
   */
  async #unplaced({ name, stream, reader }: PrintedLog): Promise<boolean> {
    const known = this.#placedBefore(this.window.length, name);
    const last = this.window.at(-1);
    let left = this.count;
    for await (const line of printedBackwards(reader, known ?? 0, await reader.wholeEnd())) {
      if (line === undefined || left-- === 0) break;
      if (known === undefined) {
        if (line.ts < last!.ts!) break; // It was there before, and has its place further back.
        if (line.ts === last!.ts) return false;
      }
      this.#events.push(asOutput(line, stream, last?.end ?? 0));
    }
    return true;
  }
}
