import { PRINTED_EVENT, PRINTED_LOGS } from "../../format/events/printed_line.ts";
import type { LogCursor, ReadEvent, ReadOptions } from "./event_source.ts";
import { pause } from "../../base/time.ts";
import { LogReader } from "./log_reader.ts";
import { lastOutput } from "./last_output.ts";
import { asOutput, placeIn, type PrintedLog } from "./printed_place.ts";
import { PrintedStream } from "./printed_stream.ts";

/**
 * Reads the log `stdout`: every line that a run printed, in order. Those that are events are kept in the logs `printed` and
 * `printed_stderr` only, and come here as events `stdout` and `stderr` with their text, too. Their `offset` and `end` are the
 * place in the log `stdout` at which they stand. `lines` and `at` know the log's own lines only.
 */
export class OutputReader extends LogReader {
  /** @inheritdoc */
  override async *batches(options: ReadOptions = {}): AsyncIterableIterator<ReadEvent[]> {
    yield* (await this.cursor(options.offset)).more(options);
  }

  /** @inheritdoc */
  override async *follow(
    options: ReadOptions & { readonly signal: AbortSignal; readonly pollMs?: number },
  ): AsyncIterableIterator<ReadEvent> {
    const cursor = await this.cursor(options.offset);
    while (!options.signal.aborted) {
      for await (const batch of cursor.more({ onProblem: options.onProblem })) {
        for (const event of batch) {
          if (options.signal.aborted) return;
          yield event;
        }
      }
      await pause(options.pollMs ?? 200, options.signal);
    }
  }

  /** @inheritdoc */
  override last(count: number): Promise<ReadEvent[]> {
    return lastOutput(this.#own(), this.#events(), count);
  }

  /** @inheritdoc */
  override async cursor(offset = 0): Promise<LogCursor> {
    const placed = new Map<string, number>();
    if (offset > 0) {
      for await (const batch of this.#own().batches()) {
        for (const event of batch) if (event.end <= offset) notePlaced(placed, event);
        if (batch[batch.length - 1].end >= offset) break;
      }
    }
    return new OutputCursor(this.#own(), this.#events(), offset, placed);
  }

  /** @inheritdoc */
  override async cursorAtEnd(): Promise<LogCursor> {
    const offset = await this.wholeEnd();
    const placed = new Map<string, number>();
    for (const { name, reader } of this.#events()) placed.set(name, await reader.wholeEnd());
    return new OutputCursor(this.#own(), this.#events(), offset, placed);
  }

  #own(): LogReader {
    return new LogReader(this.store, this.folder, this.name, this.version);
  }

  #events(): PrintedLog[] {
    return PRINTED_LOGS.map(({ log, stream }) => {
      return { name: log, stream, reader: new LogReader(this.store, this.folder, log, this.version) };
    });
  }
}

/** Whether a run with logs of these names printed anything: where all of it are events, there may be no log `stdout`. */
export function hasOutput(logs: readonly string[]): boolean {
  return logs.includes("stdout") || PRINTED_LOGS.some(({ log }) => logs.includes(log));
}

function notePlaced(placed: Map<string, number>, event: ReadEvent): void {
  const place = placeIn(event);
  if (place !== undefined) placed.set(place.log, Math.max(place.size, placed.get(place.log) ?? 0));
}

class OutputCursor implements LogCursor {
  readonly #streams: Map<string, { readonly of: PrintedLog; readonly lines: PrintedStream }>;

  constructor(
    readonly own: LogReader,
    logs: readonly PrintedLog[],
    public offset: number,
    placed: ReadonlyMap<string, number>,
  ) {
    this.#streams = new Map(logs.map((of) => {
      return [of.name, { of, lines: new PrintedStream(of.reader, placed.get(of.name) ?? 0) }] as const;
    }));
  }

  async *more(options: Omit<ReadOptions, "offset"> = {}): AsyncIterableIterator<ReadEvent[]> {
    // How far they are before the lines are read: lines that were printed before them are there by then.
    const ends = new Map<string, number>();
    for (const { of } of this.#streams.values()) ends.set(of.name, await of.reader.size());
    for await (const batch of this.own.batches({ ...options, offset: this.offset })) {
      let events: ReadEvent[] = [];
      for (const event of batch) {
        const place = placeIn(event);
        if (place === undefined && event.event !== PRINTED_EVENT) events.push(event);
        this.offset = event.end;
        if (place === undefined) continue;
        for await (const printed of this.#printed(place.log, place.size, event.offset, options.signal)) {
          for (const item of printed) events.push(item);
          if (events.length < BATCH) continue;
          yield events;
          events = [];
        }
      }
      if (events.length > 0) yield events;
    }
    for (const [log, end] of ends) yield* this.#printed(log, end, this.offset, options.signal);
  }

  async *#printed(log: string, size: number, offset: number, signal?: AbortSignal): AsyncGenerator<ReadEvent[]> {
    const stream = this.#streams.get(log);
    if (stream === undefined) return;
    for await (const lines of stream.lines.upTo(size, signal)) {
      yield lines.map((line) => asOutput(line, stream.of.stream, offset));
    }
  }
}

/** Events of one array, roughly. */
const BATCH = 1024;
