import { counted, EVENTS, LINES, LOG, PLAIN, RUN, UNCHANGED, whole, yes } from "../../api/parts.ts";
import { named, text } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import { isFresh, streamAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";
import { logLines } from "./log_lines.ts";

/** `GET /api/v1/runs/{run}/logs/{log}` */
export const readLog: Endpoint<Call> = {
  help:
    "Whole lines, exactly as in the log. As text/event-stream, one message per line, whose id is the offset after it.",
  parameters: [
    RUN,
    LOG,
    whole("offset", "bytes from the start of the log; the start of a line"),
    whole("limit", "maximum number of lines"),
    whole("last", "the last lines, this many"),
    yes("follow", "also send new lines, until the run ends"),
    {
      name: "last-event-id",
      in: "header",
      help: "for an event stream: the offset to resume from",
      schema: text(256),
    },
  ],
  answers: {
    200: {
      help: "lines",
      content: { [LINES]: PLAIN, [EVENTS]: named("LineMessage") },
      headers: {
        "dbx-size": counted("offset of the end of the existing lines"),
        "dbx-from": counted("offset of the first of these lines"),
      },
    },
    304: UNCHANGED,
  },
  errors: [404, 409, 416],

  async handle({ request, url: { searchParams: search }, path, served, services }) {
    const run = await (await served.places()).run(path.run);
    const log = run.log(path.log);
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
    const headers = { "dbx-size": String(end), "dbx-from": String(from), "etag": `"${run.id}-${path.log}-${end}"` };
    const isKnown = !follow && limit === Infinity && isFresh(request, headers.etag);
    if (isKnown) return new Response(null, { status: 304, headers });
    const lines = logLines(served, run, log, { from, limit, follow, sse, signal: services.ended });
    const type = sse ? "text/event-stream" : "application/jsonl";
    const stream = ReadableStream.from(lines);
    // Compressed, what comes would wait until there is enough of it.
    if (follow) {
      return new Response(stream, { headers: { "content-type": type, "cache-control": "no-store", ...headers } });
    }
    return streamAnswer(request, stream, type, headers);
  },
};
