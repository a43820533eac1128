import type { LogEvent } from "../../format/event.ts";
import { BATCH_ROWS } from "../columns/vector.ts";

/** An event whose line was read already. */
export interface ReadLine {
  readonly text: string;
  readonly event: LogEvent;
}

/** Rows of `events` before their lines are read, where they stand and what the index knows of them. */
export class EventRows {
  /** The number of the log. */
  readonly log = new Int32Array(BATCH_ROWS);
  /** From 1. */
  readonly line = new Float64Array(BATCH_ROWS);
  /** Bytes from the start of the log. */
  readonly offset = new Float64Array(BATCH_ROWS);
  /** NaN: nobody knows. */
  readonly ts = new Float64Array(BATCH_ROWS);
  /** The number of the name among those of the scan; -1 where it has to be read. */
  readonly name = new Int32Array(BATCH_ROWS);
  /** The lines that were read. */
  readonly lines = new Map<number, ReadLine>();
  count = 0;

  get isFull(): boolean {
    return this.count === BATCH_ROWS;
  }

  add(log: number, line: number, offset: number, ts: number, name: number): void {
    const row = this.count++;
    this.log[row] = log;
    this.line[row] = line;
    this.offset[row] = offset;
    this.ts[row] = ts;
    this.name[row] = name;
  }
}
