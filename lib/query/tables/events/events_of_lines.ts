import { messageOf } from "../../../base/errors.ts";
import type { LogEvent } from "../../../format/events/event.ts";
import { parseEvent } from "../../../format/events/parse_event.ts";
import { problem } from "../../../repo/problems/problem.ts";
import { linesIn } from "../../../base/lines/lines_in.ts";
import { wholeLines } from "../lines/log_lines.ts";
import type { Scan } from "../scan.ts";

/** An event as it was read from a log. */
export interface LineEvent {
  readonly text: string;
  readonly event: LogEvent;
  /** From 1. */
  readonly line: number;
  /** Bytes from the start of the log. */
  readonly offset: number;
  /** Its own time, else that of its arrival; NaN: unknown. */
  readonly ts: number;
}

/** The events of a log, by its number in the snapshot, read beside the index. Reports lines that are not events. */
export async function* eventsOfLines({ places, options }: Scan, number: number): AsyncGenerator<LineEvent> {
  const { run, name, file: { path, size, version }, times } = places.snapshot.logs.at(number);
  const { signal, report, onProblem } = options;
  let line = 1;
  for await (const { bytes, offset: from } of wholeLines(run.run.log(name).store, path, size, signal)) {
    if (report !== undefined) report.bytes += bytes.length;
    for (const { text, start } of linesIn(bytes)) {
      const offset = from + start;
      try {
        if (text === undefined) throw new Error("not UTF-8");
        const event = parseEvent(text, version);
        yield { text, event, line, offset, ts: event.ts ?? times?.at(offset) ?? NaN };
      } catch (error) {
        onProblem?.(problem("bad-line", { path, line, offset, message: messageOf(error) }));
      }
      line++;
    }
  }
}
