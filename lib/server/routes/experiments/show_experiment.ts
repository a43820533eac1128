import { notesFolder, runsFolder } from "../../../format/layout/names.ts";
import type { JsonObject } from "../../../base/json.ts";
import { EXP, json, UNCHANGED } from "../../api/parts.ts";
import { named } from "../../api/schema.ts";
import type { Incoming } from "../../http/incoming.ts";
import { isFresh, jsonAnswer } from "../../http/responses.ts";
import type { Call, Endpoint } from "../call.ts";
import { runJson, timeOf } from "./run_json.ts";

/** `GET /api/v1/experiments/{exp}` */
export const showExperiment: Endpoint<Call> = {
  parameters: [EXP],
  answers: { 200: json("the experiment", named("Experiment")), 304: UNCHANGED },
  errors: [404, 409],

  async handle({ request, context, path: { exp: prefix }, served, services }) {
    const { responses } = served;
    const key = `experiment ${prefix}`;
    services.recent.remember(context.request.url, responses, key);
    const kept = responses.get(key);
    if (kept !== undefined) return cachedFastPath(request, kept.text, kept.etag);
    const experiment = await (await served.places()).experiment(prefix);
    const stamps = responses.stamps([experiment.folder, notesFolder(experiment.folder), runsFolder(experiment.folder)]);
    const noteLogs = await experiment.noteLogs();
    const noteStamps = responses.stamps(noteLogs.map(({ file }) => file));
    const runs = await experiment.runs();
    const runStamps = responses.stamps(runs.map((run) => run.log("dbx").file));
    const now = Date.now();
    const shown: JsonObject[] = [];
    let settled = true;
    for (const run of runs) {
      const status = await run.status(now);
      settled &&= status.endedAt !== undefined;
      shown.push(runJson(run, status));
    }
    const { tags, notes, name, deleted } = await experiment.notes();
    const { createdAt, extra, ...own } = experiment.definition;
    const json = {
      ...own,
      name: name ?? own.name,
      createdAt: timeOf(createdAt),
      ...extra,
      tags,
      notes,
      deleted,
      runs: shown,
    };
    const text = JSON.stringify(json) + "\n";
    const response = await jsonAnswer(request, json);
    if (settled && prefix === experiment.id) {
      const etag = response.headers.get("etag")!;
      responses.keep(key, { text, etag, of: [...stamps, ...noteStamps, ...runStamps] });
    }
    return response;
  },
};

/** A remembered answer; short ones only are remembered, and sent as they are. */
function cachedFastPath(request: Incoming, text: string, etag: string): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-cache", "etag": etag };
  return isFresh(request, etag) ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}
