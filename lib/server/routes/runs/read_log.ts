import { counted, EVENTS, LINES, LOG, PLAIN, RUN, UNCHANGED, whole, yes } from "../../api/parts.ts";
import { named, text } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import { streamAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";
import { logLines } from "./log_lines.ts";

/** `GET /api/v1/runs/{run}/logs/{log}` */
export const readLog: Endpoint<Call> = {
  help:
    "Lines are whole, and as they stand in the log. As text/event-stream, each is a message whose id is the offset " +
    "behind it.",
  parameters: [
    RUN,
    LOG,
    whole("offset", "bytes from the start of the log; the start of a line"),
    whole("limit", "lines at most"),
    whole("last", "so many of the last lines"),
    yes("follow", "lines that come too, until the run ends"),
    {
      name: "last-event-id",
      in: "header",
      help: "of an event stream: the offset from which to go on",
      schema: text(256),
    },
  ],
  answers: {
    200: {
      help: "lines",
      content: { [LINES]: PLAIN, [EVENTS]: named("LineMessage") },
      headers: {
        "dbx-size": counted("where the lines end that are there"),
        "dbx-from": counted("where these lines begin"),
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
    if (stat !== undefined && stat.kind !== "file") throw new HttpError(404, "it is no log");
    const size = stat?.size ?? 0;
    if (from > size) throw new HttpError(416, `the log has ${size} bytes`, {}, size);
    const end = await log.wholeEnd().catch(() => 0);
    const headers = { "dbx-size": String(end), "dbx-from": String(from), "etag": `"${run.id}-${path.log}-${end}"` };
    const known = request.headers.get("if-none-match");
    if (!follow && known === headers.etag && limit === Infinity) return new Response(null, { status: 304, headers });
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
