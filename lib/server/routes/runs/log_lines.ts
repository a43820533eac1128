import { readLines } from "../../../base/lines/line_pieces.ts";
import { NEWLINE } from "../../../base/lines/lines_in.ts";
import type { Run } from "../../../repo/experiments/run.ts";
import type { LogReader } from "../../../repo/logs/log_reader.ts";
import type { ServedRepository } from "../../repository/served_repository.ts";

/** Bytes of one piece of an answer. */
const PIECE = 256 * 1024;
/** Bytes of a line. What is longer ends the answer. */
const MAX_LINE_BYTES = 128 * 1024 * 1024;
/** Milliseconds between two looks at a log that is followed and does not seem to change. */
const LOOK_MS = 500;
/** Milliseconds between two signs of life on a stream. */
const ALIVE_MS = 15_000;

/** Which lines, and how they are written. */
export interface LogLinesOptions {
  /** The byte at which the first line begins. */
  readonly from: number;
  /** Lines at most. */
  readonly limit: number;
  /** Whether lines are waited for that the run has yet to write. */
  readonly follow: boolean;
  /** As server-sent events, whose id is the offset behind the line. */
  readonly sse: boolean;
  readonly signal: AbortSignal;
}

/** Whole lines of a log from some byte on; with `follow` also those that come, until the run ends. */
export async function* logLines(
  served: ServedRepository,
  run: Run,
  log: LogReader,
  { from, limit, follow, sse, signal }: LogLinesOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let at = from;
  let left = limit;
  let aliveAt = performance.now();
  const encoder = new TextEncoder();
  while (!signal.aborted && left > 0) {
    // First whether it has ended, then what was written until then: nothing can slip between.
    const status = follow ? (await run.status()).status : "finished";
    // What was written while it was read is read at once, too.
    for (let before = -1, size = await log.size(); before < at && at < size; size = await log.size()) {
      before = at;
      const range = { offset: at, size, length: PIECE, maxLine: MAX_LINE_BYTES };
      for await (const { bytes } of readLines(range, (span) => log.store.read(log.file, span))) {
        const [piece, count] = firstLines(bytes, left);
        aliveAt = performance.now();
        yield sse ? encoder.encode(asEvents(piece, at)) : piece;
        at += piece.length;
        left -= count;
        if (left === 0) return;
      }
    }
    if (!["running", "unknown"].includes(status)) return;
    await changeOr(served, LOOK_MS, signal);
    if (sse && performance.now() - aliveAt > ALIVE_MS) {
      aliveAt = performance.now();
      yield encoder.encode(": still here\n\n");
    }
  }
}

/** Lines of a piece, at most so many, and how many they are; where there is no limit, that is not counted. */
function firstLines(
  bytes: Uint8Array<ArrayBuffer>,
  limit: number,
): readonly [lines: Uint8Array<ArrayBuffer>, count: number] {
  if (limit === Infinity) return [bytes, 0];
  let count = 0, end = 0;
  for (; count < limit && end < bytes.length; count++) end = bytes.indexOf(NEWLINE, end) + 1;
  return [bytes.subarray(0, end), count];
}

function asEvents(bytes: Uint8Array<ArrayBuffer>, offset: number): string {
  let text = "";
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start) + 1;
    text += `id: ${offset + end}\ndata: ${decoder.decode(bytes.subarray(start, end - 1)).replaceAll("\r", "")}\n\n`;
    start = end;
  }
  return text;
}

/** Waits for a change of the repository, or for some time. */
function changeOr(served: ServedRepository, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      controller.abort();
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    served.watch(done, controller.signal);
  });
}
