import { messageOf } from "../../base/errors.ts";
import { parseEvent } from "../../format/event.ts";
import type { LogWriter } from "../../logger/log_writer.ts";
import type { Redactor } from "../../redact/redactor.ts";
import type { Output } from "../command.ts";
import type { ScalarFinder } from "../record/scalars/finder.ts";
import { LineSplitter } from "./line_splitter.ts";

/** Where captured output goes. */
export interface CaptureTargets {
  /** dbx's own stdout or stderr: gets the very bytes, at once. */
  readonly through: Output;
  /** The log of lines. */
  readonly lines: LogWriter;
  /** The log of events found in lines, made with the first one. */
  readonly events: () => LogWriter;
  readonly scalars?: ScalarFinder;
  /** Takes secrets out of the lines before they are kept. What is passed on is not touched. */
  readonly redactor: Redactor;
}

/** Passes a stream of the child on, untouched and unbuffered, and keeps its lines. Ends with the stream. */
export async function capture(
  stream: AsyncIterable<Uint8Array>,
  name: "stdout" | "stderr",
  targets: CaptureTargets,
  onWarning: (message: string) => void,
): Promise<void> {
  const splitter = new LineSplitter(targets.redactor);
  let through = true;
  for await (const bytes of stream) {
    if (through) {
      try {
        targets.through.write(bytes);
      } catch (error) {
        // The reader of dbx's output left; the child lives on, and its output is still kept.
        through = false;
        if (!(error instanceof Deno.errors.BrokenPipe)) {
          onWarning(`Cannot pass on the ${name} of the command: ${messageOf(error)}`);
        }
      }
    }
    keep(splitter.push(bytes), name, targets);
    // What was read is nowhere else any more: it must outlive dbx.
    if (targets.lines.failed === undefined) targets.lines.flush();
  }
  keep(splitter.end(), name, targets);
}

function keep(lines: readonly string[], name: string, targets: CaptureTargets): void {
  if (lines.length === 0) return;
  const now = Date.now();
  const head = `{"event":"${name}","ts":${now},"text":`;
  for (const line of lines) {
    targets.lines.writeLine(head + JSON.stringify(line) + "}\n", now);
    extract(line, now, targets.events, targets.scalars);
  }
}

/** An event printed as JSON, else scalars. */
function extract(line: string, now: number, events: () => LogWriter, scalars: ScalarFinder | undefined): void {
  if (line.startsWith("{") && line.includes('"event"')) {
    try {
      const { event, ts, data } = parseEvent(line);
      return events().write(event, data, ts ?? now);
    } catch {
      // Not an event after all: a line like any other.
    }
  }
  const found = scalars?.push(line);
  if (found !== undefined) events().write(found.event ?? "scalars", found.data, now);
}
