import { checkEventName } from "./event_name.ts";
import type { LogEvent } from "./event.ts";
import { isPlain } from "./plain.ts";

/** Says in the log `stdout` where lines stand that are kept in another log: `{log, from, size}`. */
export const PRINTED_EVENT = "dbx/printed";

/** The logs whose lines may be printed lines, and the stream that they were printed to. */
export const PRINTED_LOGS: readonly { readonly log: string; readonly stream: "stdout" | "stderr" }[] = [
  { log: "printed", stream: "stdout" },
  { log: "printed_stderr", stream: "stderr" },
];

/** A line that was printed, as it is found in a log of events. */
export interface PrintedLine {
  /** Milliseconds since the Unix epoch. */
  readonly ts: number;
  readonly text: string;
}

const EVENT_FIRST = /^\{[ \t]*"event"/;
/** In a text, or bare, which JSON does not know. */
const BARE_NUMBER = /NaN|Infinity/;
const TIME_FIRST = /^\{"ts":(\d{1,16}),/;

/**
 * The line of a log, with its `\n`, that is both a printed line and its event: the time stands in front of what was
 * printed. Undefined where one of the two would be changed: the line has a time of its own, is no strict JSON, or does not
 * begin with the event's name.
 *
 * @param event What `parseEvent` finds in the line.
 */
export function printedEventLine(text: string, event: LogEvent, ts: number): string | undefined {
  if (event.ts !== undefined || !EVENT_FIRST.test(text) || !isPlain(event.data)) return undefined;
  try {
    checkEventName(event.event);
    if (BARE_NUMBER.test(text)) JSON.parse(text);
  } catch {
    return undefined; // Whoever writes such an event says what is wrong with it.
  }
  return `{"ts":${ts},${text.slice(1)}\n`;
}

/** What was printed, of a line of a log that was made by {@linkcode printedEventLine}; undefined for any other line. */
export function printedLineOf(line: string): PrintedLine | undefined {
  const match = TIME_FIRST.exec(line);
  return match === null ? undefined : { ts: Number(match[1]), text: "{" + line.slice(match[0].length) };
}
