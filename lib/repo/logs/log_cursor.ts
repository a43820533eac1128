import type { LogReader, ReadEvent, ReadOptions } from "./log_reader.ts";

/** A place in a log from which reading goes on, as often as more has come. */
export interface LogCursor {
  /** The events that have come since, in arrays. */
  more(options?: Omit<ReadOptions, "offset">): AsyncIterableIterator<ReadEvent[]>;
}

/** A cursor of a log whose events all stand in its own file. */
export class PlainCursor implements LogCursor {
  #offset: number;

  constructor(readonly log: LogReader, offset: number) {
    this.#offset = offset;
  }

  async *more(options: Omit<ReadOptions, "offset"> = {}): AsyncIterableIterator<ReadEvent[]> {
    for await (const batch of this.log.batches({ ...options, offset: this.#offset })) {
      this.#offset = batch[batch.length - 1].end;
      yield batch;
    }
  }
}
