import { messageOf } from "../../base/errors.ts";
import { encodeEvent, formatDeviation, parseEvent } from "../../format/events/event.ts";
import { checkLogName, logFileName } from "../../format/layout/names.ts";
import type { Run } from "../../repo/experiments/run.ts";
import { readBody } from "../http/read_body.ts";
import type { Metrics } from "./metrics.ts";
import { HttpError } from "../http/http_error.ts";
import { BODY, countOf, flagOf } from "../http/request_body.ts";
import type { Caller } from "../access/roles.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

const NEWLINE = 10;

/**
 * `POST /runs/<run>/logs/<log>?offset=N`: lines for a log. With an offset it may be repeated: what is there already is
 * passed over; with `copy=1` too, the lines are not looked into. Without, they are put at the end, and those that lack a time get one.
 */
export async function ingest(
  served: ServedRepository,
  run: Run,
  log: string,
  request: Request,
  search: URLSearchParams,
  metrics: Metrics,
  caller: Caller,
): Promise<Response> {
  checkLogName(log);
  if (run.experiment.version === 0) throw new HttpError(403, "dbx does not write to experiments in format v0");
  const offset = countOf(search, "offset");
  let bytes = await readBody(request, BODY);
  if (offset === undefined) {
    if (log === "dbx") throw new HttpError(403, `the log "dbx" requires an offset`);
    bytes = completed(bytes);
  }
  // A copy of a log that exists elsewhere is taken as it is, as synchronisation takes it.
  const events = offset !== undefined && flagOf(search, "copy") ? countLines(bytes) : countEvents(bytes);
  const path = served.store.path(`${run.folder}/${logFileName(log)}`);
  const { size, added } = served.extender.extend(path, offset, bytes, served.writes.guard(caller));
  if (added > 0) {
    metrics.events += events;
    metrics.bytes += added;
    served.changed();
  }
  return Response.json({ size, added }, { headers: { "cache-control": "no-store" } });
}

/** How many lines there are, whatever they say. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  if (bytes.length > 0 && bytes[bytes.length - 1] !== NEWLINE) {
    throw new HttpError(400, "the last line does not end with a line feed");
  }
  return count;
}

/** How many events there are. Refuses what is no line of a log: nothing of the body is kept then. */
function countEvents(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  if (bytes[bytes.length - 1] !== NEWLINE) throw new HttpError(400, "the last line does not end with a line feed");
  let lines: string[];
  try {
    lines = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).split("\n");
  } catch {
    throw new HttpError(400, "the lines are not UTF-8");
  }
  for (let at = 0; at < lines.length - 1; at++) {
    const why = checked(lines[at]);
    if (why !== undefined) throw new HttpError(400, `line ${at + 1} is not an event: ${why}`);
  }
  return lines.length - 1;
}

function checked(line: string): string | undefined {
  // Most lines are as dbx writes them; for those a parser that says whether it is JSON is enough.
  if (PLAIN.test(line)) {
    try {
      JSON.parse(line);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }
  try {
    return formatDeviation(line);
  } catch (error) {
    return messageOf(error);
  }
}

/** A line that begins as events do, with a name and a time. */
const PLAIN = /^\{"event":"[A-Za-z0-9_.:-]+(?:\/[A-Za-z0-9_.:-]+){0,30}","ts":\d{1,15}[,}]/;

/** Lines as they must be: the event's name first, then a time, now where there is none. */
function completed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const now = Date.now();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new HttpError(400, "the lines are not UTF-8");
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const whole = lines.map((line, at) => {
    try {
      const { event, ts, data } = parseEvent(line);
      return encodeEvent(event, ts ?? now, data);
    } catch (error) {
      throw new HttpError(400, `line ${at + 1} is not an event: ${messageOf(error)}`);
    }
  });
  return new TextEncoder().encode(whole.join(""));
}
