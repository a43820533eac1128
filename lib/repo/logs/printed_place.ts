import { PRINTED_EVENT, type PrintedLine } from "../../format/events/printed_line.ts";
import type { LogReader } from "./log_reader.ts";
import type { ReadEvent } from "./event_source.ts";

/** A log of events that may hold printed lines. */
export interface PrintedLog {
  readonly name: string;
  readonly stream: "stdout" | "stderr";
  readonly reader: LogReader;
}

/** Where lines of another log stand, as an event of the log `stdout` says; undefined where it says something else. */
export function placeIn(
  { event, data }: ReadEvent,
): { readonly log: string; readonly from: number | undefined; readonly size: number } | undefined {
  if (event !== PRINTED_EVENT || typeof data.log !== "string" || typeof data.size !== "number") return undefined;
  return { log: data.log, from: typeof data.from === "number" ? data.from : undefined, size: data.size };
}

/** A printed line as an event of the log `stdout`, at a place in it. */
export function asOutput({ ts, text }: PrintedLine, stream: "stdout" | "stderr", offset: number): ReadEvent {
  return { event: stream, ts, data: { text }, offset, end: offset, line: undefined };
}
