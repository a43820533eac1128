import type { JsonObject } from "../../../base/json.ts";
import { appendNote } from "../../../logger/notes.ts";
import { COMMAND_EVENT } from "../../../repo/control/requests.ts";
import { jsonOf } from "../../api/body.ts";
import { EXP, ID, JSON_TYPE, nothing } from "../../api/parts.ts";
import { list, object, type Schema, text } from "../../api/schema.ts";
import { NOTES } from "../../writes/event_rights.ts";
import type { Call, Endpoint } from "../call.ts";
import { PATH, VARIABLES, WORDS } from "./body_parts.ts";

const event = (name: string, data: Schema, needed: readonly string[]) =>
  object({ event: { type: "string", const: name }, data }, needed);
const of = { type: "object", properties: { event: false, ts: false } } as const;
const command = (name: string, members: Readonly<Record<string, Schema>>, required: readonly string[]) =>
  object({ command: { type: "string", const: name }, id: ID, ...members }, ["command", "id", ...required]);

/** Of what is taken away, and of what takes back the note before. */
const more = { remove: { type: "boolean" }, undo: { type: "boolean" } } as const satisfies Record<string, Schema>;

/** Names of tokens, or of agents without. */
const AGENTS: Schema = list(text(256, { minLength: 1 }), { minItems: 1, maxItems: 100 });

/** `POST /api/v1/experiments/{exp}/notes` */
export const note: Endpoint<Call> = {
  help: "A request to stop or start a run needs the role control.",
  parameters: [EXP],
  body: {
    type: JSON_TYPE,
    help: `an event, ${Object.keys(NOTES).join(", ")}, and its data`,
    schema: {
      anyOf: [
        event("dbx/tag", object({ tag: text(4096, { minLength: 1 }), ...more, run: ID }, ["tag"]), ["event", "data"]),
        event("dbx/note", object({ text: text(128 * 1024), ...more, edit: text(64), run: ID }, ["text"]), [
          "event",
          "data",
        ]),
        event("dbx/rename", object({ name: text(4096, { minLength: 1 }), undo: more.undo }, []), ["event"]),
        event("dbx/delete", { ...of, maxProperties: 100, propertyNames: text(256) }, ["event"]),
        event("dbx/restore", { ...of, maxProperties: 100, propertyNames: text(256) }, ["event"]),
        event(
          COMMAND_EVENT,
          {
            anyOf: [
              command("stop", { run: ID, grace: { type: "number", minimum: 0, maximum: 1e9 } }, ["run"]),
              command("start", { run: ID, cmd: { ...WORDS, minItems: 1 }, cwd: PATH, env: VARIABLES, agents: AGENTS }, [
                "run",
                "cmd",
              ]),
              command("cancel", { of: ID }, ["of"]),
            ],
          },
          ["event", "data"],
        ),
      ],
    },
    bytes: 512 * 1024,
    examples: {
      tag: { event: "dbx/tag", data: { tag: "baseline" } },
      note: { event: "dbx/note", data: { text: "the one of the paper" } },
    },
  },
  answers: { 204: nothing("it was stored") },
  errors: [404, 409, 507],

  async handle(call) {
    const { served, grant, path } = call;
    const experiment = await (await served.places()).experiment(path.exp);
    const { event, data = {} } = await jsonOf<{ readonly event: string; readonly data?: JsonObject }>(call);
    served.writes.note(grant, experiment.folder, event, data);
    await appendNote(served.store, experiment.folder, event, data);
    served.changed();
    return new Response(null, { status: 204 });
  },
};
