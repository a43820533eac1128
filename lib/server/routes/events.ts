import { checkLogName } from "../../format/layout/names.ts";
import type { LogReader } from "../../repo/logs/log_reader.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { streamAnswer } from "../http/responses.ts";
import { HttpError } from "../http/http_error.ts";
import { countOf, flagOf } from "../http/request_body.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

/** Bytes of one piece of an answer. */
const PIECE = 256 * 1024;
const NEWLINE = 10;
/** Bytes of a line. What is longer ends the answer. */
const MAX_LINE_BYTES = 128 * 1024 * 1024;
/** Milliseconds between two looks at a log that is followed and does not seem to change. */
const LOOK_MS = 500;
/** Milliseconds between two signs of life on a stream. */
const ALIVE_MS = 15_000;

/**
 * `GET /runs/<run>/logs/<log>`: whole lines, as they stand in the log. `offset`: bytes from the start, which must be the
 * start of a line. `limit`: lines at most. `last`: so many of the last lines. `follow`: lines that come, until the run ends.
 * With `accept: text/event-stream` each line is a server-sent event, whose id is the offset behind it.
 */
export async function events(
  served: ServedRepository,
  run: Run,
  name: string,
  request: Request,
  search: URLSearchParams,
  signal: AbortSignal,
): Promise<Response> {
  checkLogName(name);
  const log = run.log(name);
  const sse = (request.headers.get("accept") ?? "").includes("text/event-stream");
  const resumed = sse ? request.headers.get("last-event-id") : null;
  const limit = countOf(search, "limit") ?? Infinity;
  const follow = flagOf(search, "follow");
  const last = countOf(search, "last");
  let from = resumed !== null && /^\d{1,15}$/.test(resumed) ? Number(resumed) : countOf(search, "offset") ?? 0;
  if (last !== undefined && resumed === null) from = await log.startOfLast(last).catch(() => 0);
  const stat = await log.store.stat(log.file);
  if (stat !== undefined && stat.kind !== "file") throw new HttpError(404, "it is not a log");
  const size = stat?.size ?? 0;
  if (from > size) throw new HttpError(416, `the log has ${size} bytes`, {}, size);
  const end = await log.wholeEnd().catch(() => 0);
  const headers = { "dbx-size": String(end), "dbx-from": String(from), "etag": `"${run.id}-${name}-${end}"` };
  const known = request.headers.get("if-none-match");
  if (!follow && known === headers.etag && limit === Infinity) return new Response(null, { status: 304, headers });
  const lines = read(served, run, log, { from, limit, follow, sse, signal });
  const type = sse ? "text/event-stream" : "application/jsonl";
  const stream = ReadableStream.from(lines);
  // Compressed, what comes would wait until there is enough of it.
  if (follow) {
    return new Response(stream, { headers: { "content-type": type, "cache-control": "no-store", ...headers } });
  }
  return streamAnswer(request, stream, type, headers);
}

async function* read(
  served: ServedRepository,
  run: Run,
  log: LogReader,
  { from, limit, follow, sse, signal }: {
    readonly from: number;
    readonly limit: number;
    readonly follow: boolean;
    readonly sse: boolean;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  let at = from;
  let left = limit;
  let aliveAt = performance.now();
  const encoder = new TextEncoder();
  while (!signal.aborted && left > 0) {
    // First whether it has ended, then what was written until then: nothing can slip between.
    const status = follow ? (await run.status()).status : "finished";
    for (let length = PIECE; left > 0;) {
      const size = await log.size();
      if (size <= at) break;
      const bytes = await log.store.read(log.file, { offset: at, length: Math.min(length, size - at) });
      let whole = bytes.lastIndexOf(NEWLINE) + 1;
      if (whole === 0) {
        if (bytes.length < length || length >= MAX_LINE_BYTES) break; // A line that is still being written, or none.
        length *= 2;
        continue;
      }
      length = PIECE;
      if (left !== Infinity) {
        let end = 0;
        for (; left > 0 && end < whole; left--) end = bytes.indexOf(NEWLINE, end) + 1;
        whole = end;
      }
      const piece = bytes.subarray(0, whole);
      aliveAt = performance.now();
      yield sse ? encoder.encode(asEvents(piece, at)) : piece;
      at += whole;
    }
    if (!["running", "unknown"].includes(status)) return;
    await changeOr(served, LOOK_MS, signal);
    if (sse && performance.now() - aliveAt > ALIVE_MS) {
      aliveAt = performance.now();
      yield encoder.encode(": still here\n\n");
    }
  }
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
