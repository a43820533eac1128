import { logFile } from "../../../format/layout/names.ts";
import { bytesOf } from "../../api/body.ts";
import { json, LINES, LOG, MIB, RUN, whole, yes } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import { HttpError } from "../../http/http_error.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import type { Call, Endpoint } from "../call.ts";
import { completed, countEvents, countWholeLines } from "./ingested_lines.ts";

/** `POST /api/v1/runs/{run}/logs/{log}` */
export const addToLog: Endpoint<Call> = {
  help:
    "With an offset, the request may be repeated: lines that exist already are skipped. Without one, the events are " +
    "appended at the end and get a time if they lack one.",
  parameters: [
    RUN,
    LOG,
    whole("offset", "bytes from the start of the log at which the lines belong"),
    yes("copy", "the lines are a copy of a log and are stored unchanged"),
  ],
  body: {
    type: LINES,
    help: "one event per line: `event`, then `ts` (milliseconds), then data",
    bytes: 16 * MIB,
    required: false,
    examples: { line: '{"event":"train/epoch/1","loss":0.5}\n' },
  },
  answers: { 200: json("it was stored", named("Added")) },
  errors: [404, 409, 416, 422, 507],

  async handle(call) {
    const { url: { searchParams: search }, path: { log, run: prefix }, served, services: { metrics }, grant } = call;
    const run = await (await served.places()).run(prefix);
    if (run.experiment.version === 0) throw new HttpError(403, "dbx does not write to experiments in format v0");
    const offset = countOf(search, "offset");
    let bytes = await bytesOf(call);
    if (offset === undefined) {
      if (log === "dbx") throw new HttpError(403, `the log "dbx" requires an offset`);
      bytes = completed(bytes);
    }
    // A copy of a log that exists elsewhere is taken as it is, as synchronisation takes it.
    const events = offset !== undefined && flagOf(search, "copy") ? countWholeLines(bytes) : countEvents(bytes);
    const file = served.store.path(logFile(run.folder, log));
    const { size, added } = served.extender.extend(file, offset, bytes, served.writes.guard(grant));
    if (added > 0) {
      metrics.events += events;
      metrics.bytes += added;
      served.changed();
    }
    return Response.json({ size, added }, { headers: { "cache-control": "no-store" } });
  },
};
