import type { LogEvent } from "../format/events/event.ts";
import { parseEvent } from "../format/events/parse_event.ts";
import { PRINTED_EVENT, PRINTED_LOGS, printedEventLine } from "../format/events/printed_line.ts";
import type { LogWriter } from "../logger/log/log_writer.ts";
import type { ScalarFinder } from "./scalar_finder.ts";

type Stream = "stdout" | "stderr";

/** The logs of what a command prints. */
export interface PrintedOutputLogs {
  /** The log of lines. */
  readonly lines: LogWriter;
  /** The logs of events found in the lines of each stream, made with the first one. */
  readonly events: Readonly<Record<Stream, () => LogWriter>>;
  /** Streams whose logs hold something already: another dbx wrote it, and died. */
  readonly begun?: readonly Stream[];
}

/**
 * Keeps printed lines, each once: one that is an event goes into the log of events, and the log of lines then says, before
 * the next line of its own, how far that log had come.
 *
 * What is printed first is handed over first, whichever log it goes to. So a dbx that is killed leaves nothing behind but
 * what comes after all that is kept, and a reader who looks at the log of events first finds every line before them.
 */
export class PrintedOutput {
  readonly #logs: PrintedOutputLogs;
  /** Streams whose last events have no place among the lines yet: one at most, but for what another dbx left. */
  readonly #unplaced: Set<Stream>;
  /** Bytes of a log of events that have a place; unknown where another dbx began it. */
  readonly #placed = new Map<Stream, number | undefined>();
  #hasWaitingLines = false;
  #hasWaitingPlace = false;
  readonly #last: Record<Stream, string> = { stdout: "", stderr: "" };

  constructor(logs: PrintedOutputLogs) {
    this.#logs = logs;
    this.#unplaced = new Set(logs.begun);
    for (const stream of ["stdout", "stderr"] as const) {
      this.#placed.set(stream, logs.begun?.includes(stream) ? undefined : 0);
    }
  }

  /** The last line of each stream. */
  get last(): Readonly<Record<Stream, string>> {
    return this.#last;
  }

  /** Keeps a line, and what is found in it. */
  keep(stream: Stream, text: string, now: number, scalars?: ScalarFinder): void {
    this.#last[stream] = text;
    const event = eventIn(text);
    const line = event && printedEventLine(text, event, now);
    if (line !== undefined) return this.#keepEvent(stream, line, now);
    this.#place(now);
    this.#logs.lines.writeLine(`{"event":"${stream}","ts":${now},"text":${JSON.stringify(text)}}\n`, now);
    this.#hasWaitingLines = true;
    if (event !== undefined) return this.#write(stream, event.event, event.data, event.ts ?? now);
    const found = scalars?.push(text);
    if (found !== undefined) this.#write(stream, found.event ?? "scalars", found.data, now);
  }

  /** Writes an event whose line is in the log of lines. Printed lines without a place are all behind the last such event. */
  #write(stream: Stream, event: string, data: unknown, ts: number): void {
    if (this.#hasWaitingPlace) this.#flushLines();
    this.#logs.events[stream]().write(event, data, ts);
  }

  /** Hands over what was kept: it is nowhere else any more, and must outlive dbx. */
  flush(): void {
    this.#flushLines();
    for (const stream of this.#unplaced) flush(this.#logs.events[stream]());
  }

  #flushLines(): void {
    flush(this.#logs.lines);
    this.#hasWaitingLines = this.#hasWaitingPlace = false;
  }

  #keepEvent(stream: Stream, line: string, now: number): void {
    if (this.#unplaced.size > 1 || !this.#unplaced.has(stream)) this.#place(now);
    if (this.#hasWaitingLines) this.#flushLines();
    this.#logs.events[stream]().writeLine(line, now);
    this.#unplaced.add(stream);
  }

  /** Says in the log of lines that here stand the events that came since the last line. */
  #place(now: number): void {
    for (const stream of this.#unplaced) {
      const events = this.#logs.events[stream]();
      events.flush();
      // Where it cannot be written at present, its lines come later, and are then taken for printed later.
      if (events.failed !== undefined) continue;
      const { log } = PRINTED_LOGS.find((item) => item.stream === stream)!;
      const from = this.#placed.get(stream);
      const { size } = events;
      this.#logs.lines.write(
        PRINTED_EVENT,
        from === undefined || from > size ? { log, size } : { log, from, size },
        now,
      );
      this.#hasWaitingLines = this.#hasWaitingPlace = true;
      this.#placed.set(stream, size);
    }
    this.#unplaced.clear();
  }
}

function flush(log: LogWriter): void {
  if (log.failed === undefined) log.flush();
}

/** The event of a line that was printed as JSON. */
function eventIn(line: string): LogEvent | undefined {
  if (!line.startsWith("{") || !line.includes('"event"')) return undefined;
  try {
    return parseEvent(line);
  } catch {
    // Not an event after all: a line like any other.
    return undefined;
  }
}
