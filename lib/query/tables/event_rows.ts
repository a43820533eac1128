import { type LogEvent, parseEvent } from "../../format/event.ts";
import { BATCH_ROWS } from "../columns/vector.ts";
import { coordinateIn, nameOfLine } from "./event_names.ts";
import type { EventSource } from "./event_source.ts";

/** Rows of `events`, where they stand and what the index knows of them; their lines as far as they were read. */
export class EventRows {
  /** The number of the log. */
  readonly log = new Int32Array(BATCH_ROWS);
  /** From 1. */
  readonly line = new Float64Array(BATCH_ROWS);
  /** Bytes from the start of the log. */
  readonly offset = new Float64Array(BATCH_ROWS);
  /** NaN: nobody knows. */
  readonly ts = new Float64Array(BATCH_ROWS);
  /** Where the index has it, and its row there; undefined where it does not. */
  readonly source: (EventSource | undefined)[] = [];
  readonly row = new Int32Array(BATCH_ROWS);
  readonly #texts: (string | undefined)[] = [];
  readonly #events: (LogEvent | undefined)[] = [];
  readonly #names: (string | undefined)[] = [];
  count = 0;

  get isFull(): boolean {
    return this.count === BATCH_ROWS;
  }

  add(log: number, line: number, offset: number, ts: number, source?: EventSource, rowInSource = 0): void {
    const row = this.count++;
    this.log[row] = log;
    this.line[row] = line;
    this.offset[row] = offset;
    this.ts[row] = ts;
    this.source.push(source);
    this.row[row] = rowInSource;
  }

  /** Keeps the line of a row. */
  keep(row: number, text: string, event?: LogEvent): void {
    this.#texts[row] = text;
    this.#events[row] = event;
  }

  /** The line of a row; undefined where it was not read, or is gone. */
  text(row: number): string | undefined {
    return this.#texts[row];
  }

  /** The event of a row whose line was read; undefined where it is none: the log was written anew since it was listed. */
  event(row: number, version: 0 | 1): LogEvent | undefined {
    const [text, event] = [this.#texts[row], this.#events[row]];
    if (event !== undefined || text === undefined) return event;
    try {
      return this.#events[row] = parseEvent(text, version);
    } catch {
      return undefined;
    }
  }

  /** The name of the event of a row; undefined where only its line knows it, which was not read. */
  nameOf(row: number, version: 0 | 1): string | undefined {
    const known = this.#names[row];
    if (known !== undefined) return known;
    const [source, text] = [this.source[row], this.#texts[row]];
    const name = source?.nameOf(this.row[row]) ?? this.#events[row]?.event;
    return this.#names[row] = name ?? (text === undefined ? undefined : nameOfLine(text, version));
  }

  /** A coordinate of the name of the event of a row; NaN where it has fewer. */
  coordinateOf(row: number, coordinate: number): number {
    const source = this.source[row];
    if (source === undefined) return coordinateIn(this.#events[row]!.event, coordinate);
    return source.coordinates(coordinate)?.[this.row[row]] ?? NaN;
  }
}
