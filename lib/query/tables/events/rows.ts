import type { LogEvent } from "../../../format/events/event.ts";
import { parseEvent } from "../../../format/events/parse_event.ts";
import { BATCH_ROWS } from "../../vectors/vector.ts";
import { nameOfLine } from "./names.ts";
import type { EventSource } from "./source.ts";

/** Rows of `events`: where they come from, and their lines as far as they were read. */
export class EventRows {
  readonly sources: EventSource[] = [];
  /** By row, its source and its row there; empty where all are one run. */
  readonly source: Int32Array;
  readonly row: Int32Array;
  count = 0;
  readonly #texts: (string | undefined)[] = [];
  readonly #events: (LogEvent | undefined)[] = [];

  /** `first`: the rows are one run of a source, which starts there. */
  private constructor(readonly first: number | undefined) {
    const length = first === undefined ? BATCH_ROWS : 0;
    [this.source, this.row] = [new Int32Array(length), new Int32Array(length)];
  }

  /** Rows to come, up to those of a batch. */
  static empty(): EventRows {
    return new EventRows(undefined);
  }

  /** Rows of one source from one to another. */
  static run(source: EventSource, from: number, to: number): EventRows {
    const rows = new EventRows(from);
    rows.sources.push(source);
    rows.count = to - from;
    return rows;
  }

  get room(): number {
    return BATCH_ROWS - this.count;
  }

  /** Takes a source; its number. */
  from(source: EventSource): number {
    return this.sources.push(source) - 1;
  }

  add(source: number, row: number): void {
    this.source[this.count] = source;
    this.row[this.count++] = row;
  }

  /** The source of a row, and its row there. */
  sourceOf(at: number): number {
    return this.first === undefined ? this.source[at] : 0;
  }

  rowOf(at: number): number {
    return this.first === undefined ? this.row[at] : this.first + at;
  }

  /** Keeps the line of a row. */
  keep(at: number, text: string): void {
    this.#texts[at] = text;
  }

  /** The line of a row; undefined where it was not read, or is gone. */
  text(at: number): string | undefined {
    return this.#texts[at] ?? this.sources[this.sourceOf(at)].text(this.rowOf(at));
  }

  /** The event of a row whose line was read; undefined if the log was rewritten since it was listed. */
  event(at: number): LogEvent | undefined {
    const [text, event] = [this.text(at), this.#events[at]];
    if (event !== undefined || text === undefined) return event;
    try {
      return this.#events[at] = parseEvent(text, this.sources[this.sourceOf(at)].version);
    } catch {
      return undefined;
    }
  }

  /** The name of the event of a row whose line was read. */
  nameInLine(at: number): string | undefined {
    const text = this.text(at);
    return text === undefined ? undefined : nameOfLine(text, this.sources[this.sourceOf(at)].version);
  }
}
