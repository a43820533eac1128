import type { LogEvent } from "../../format/events/event.ts";
import type { Problem } from "../problems/problem.ts";

/** An event and where it stands. */
export interface ReadEvent extends LogEvent {
  /** Bytes from the start of the log to the line, and to what follows it. */
  readonly offset: number;
  readonly end: number;
  /** From 1; undefined where reading began further on. */
  readonly line: number | undefined;
}

/** Where and how to read. */
export interface ReadOptions {
  /** Bytes; it must be the start of a line. Default 0. */
  readonly offset?: number;
  readonly signal?: AbortSignal;
  /** Called for each line that is not an event; the line is skipped. */
  readonly onProblem?: (problem: Problem) => void;
}

/** A place in a log from which reading goes on, as often as more has come. */
export interface LogCursor {
  /** The events that have come since, in arrays. */
  more(options?: Omit<ReadOptions, "offset">): AsyncIterableIterator<ReadEvent[]>;
}

/** What reads events from a place on, in arrays. */
export interface EventSource {
  batches(options: ReadOptions): AsyncIterableIterator<ReadEvent[]>;
}
