import type { EventSource, LogCursor, ReadEvent, ReadOptions } from "./event_source.ts";

/** A cursor of a log whose events all stand in its own file. */
export class PlainCursor implements LogCursor {
  #offset: number;

  constructor(readonly log: EventSource, offset: number) {
    this.#offset = offset;
  }

  async *more(options: Omit<ReadOptions, "offset"> = {}): AsyncIterableIterator<ReadEvent[]> {
    for await (const batch of this.log.batches({ ...options, offset: this.#offset })) {
      this.#offset = batch[batch.length - 1].end;
      yield batch;
    }
  }
}
