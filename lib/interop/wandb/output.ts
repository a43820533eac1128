import type { EventRecord } from "../foreign.ts";
import { OUTPUT_LOG } from "../foreign.ts";

/** Printed text that is longer without an end of line is a line of its own. */
const MAX_LINE = 64 * 1024;

/** Pieces of printed text, which W&B keeps as they were written, as lines. */
export class OutputLines {
  /** What stands behind the last end of a line, by stream. */
  readonly rest: Record<string, string>;

  constructor(readonly run: string, rest: Readonly<Record<string, string>> = {}) {
    this.rest = { ...rest };
  }

  /** The lines that a piece ends. */
  *add(stream: "stdout" | "stderr", text: string, ts: number): Generator<EventRecord, void> {
    const lines = ((this.rest[stream] ?? "") + text).split("\n");
    let last = lines.pop()!;
    for (const line of lines) yield this.#event(stream, line, ts);
    if (last.length > MAX_LINE) {
      yield this.#event(stream, last, ts);
      last = "";
    }
    this.rest[stream] = last;
  }

  /** What is left when nothing more comes. */
  *end(ts: number): Generator<EventRecord, void> {
    for (const stream of ["stdout", "stderr"]) {
      const line = this.rest[stream];
      this.rest[stream] = "";
      if (line) yield this.#event(stream, line, ts);
    }
  }

  #event(stream: string, line: string, ts: number): EventRecord {
    return { type: "event", run: this.run, log: OUTPUT_LOG, name: stream, ts, data: { text: shown(line) } };
  }
}

/** What a terminal shows in the end of a line that was written again and again, as progress bars are. */
function shown(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf("\r") + 1);
}
