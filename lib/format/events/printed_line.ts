import { checkEventName } from "./event_name.ts";
import type { LogEvent } from "./event.ts";
import { parseEvent } from "./parse_event.ts";
import { overflows } from "../json/nonstandard_numbers.ts";
import { isPlainJson } from "../json/plain_json.ts";

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
 * printed. A time that was printed is the event's; as the last one it counts. Undefined if the event would be a
 * different one, or the line is not valid in a log: it is not strict JSON, or does not begin with the event's name.
 *
 * @param event What `parseEvent` finds in the line.
 */
export function printedEventLine(text: string, event: LogEvent, ts: number): string | undefined {
  return isPlainJson(event.data) && isRegular(text, event) ? `{"ts":${ts},${text.slice(1)}\n` : undefined;
}

/** Whether a line that was printed is as lines of logs must be; its own time may stand anywhere. */
function isRegular(text: string, event: LogEvent): boolean {
  if (!EVENT_FIRST.test(text) || Object.hasOwn(event.data, "ts")) return false;
  try {
    if (overflows(text)) return false;
    checkEventName(event.event);
    if (event.ts !== undefined) return JSON.parse(text).ts === event.ts && Number.isSafeInteger(event.ts);
    if (BARE_NUMBER.test(text)) JSON.parse(text);
    return true;
  } catch {
    return false; // The code that writes such an event reports what is wrong with it.
  }
}

/** What was printed, of a line of a log that was made by {@linkcode printedEventLine}; undefined for any other line. */
export function printedLineOf(line: string): PrintedLine | undefined {
  const match = TIME_FIRST.exec(line);
  return match === null ? undefined : { ts: Number(match[1]), text: "{" + line.slice(match[0].length) };
}

/** Whether a line of one of {@linkcode PRINTED_LOGS} is a printed line, and as it must be. */
export function isPrintedLine(line: string): boolean {
  const printed = printedLineOf(line);
  try {
    return printed !== undefined && isRegular(printed.text, parseEvent(printed.text));
  } catch {
    return false;
  }
}
