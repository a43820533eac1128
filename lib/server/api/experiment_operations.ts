import { NOTES } from "../writes/event_rights.ts";
import type { Body, Operations } from "./operation.ts";
import {
  EXP,
  ID,
  json,
  JSON_TYPE,
  LINES,
  LOG,
  MIB,
  nothing,
  PLAIN,
  query,
  RUN,
  UNCHANGED,
  whole,
  yes,
} from "./parts.ts";
import { counted, EVENTS, PREFIX_WITHIN } from "./parts.ts";
import { like, list, named, object, type ObjectSchema, oneOf, type Schema, text } from "./schema.ts";
import { TOLD_OF_EXPERIMENTS, TOLD_OF_RUNS } from "./schemas.ts";

/** Bytes that a word of a command line, or a variable of its environment, may have on Linux. */
const WORD = text(128 * 1024);
const WORDS = list(WORD, { maxItems: 10_000 });
const VARIABLES: ObjectSchema = {
  type: "object",
  propertyNames: text(4096),
  additionalProperties: WORD,
  maxProperties: 10_000,
};
const PATH = text(4096);
/** Names of an experiment: folders below one another. */
const PART = "(?!\\.)(?!(?:runs|notes|objects)(?:/|$))(?![a-zA-Z]:)(?![0-9a-z]{13}(?:/|$))" +
  "(?:[^\\u0000-\\u001f\\u007f-\\u009f\\\\/]{0,199}[^\\u0000-\\u001f\\u007f-\\u009f\\\\/. ])";
const NAME = like(`^(?:${PART}(?:/${PART})*)?$`, { maxLength: 800 });
/** Members that a definition may have beside those that it must. */
const FREE = { maxProperties: 1000, propertyNames: text(256) };

/** Members that may not be given, since the server tells them itself. */
function reportedCounts(names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, false]));
}

const EXPERIMENT_BODY: Body = {
  type: JSON_TYPE,
  help: "the definition; any further members are kept with it",
  schema: {
    type: "object",
    properties: {
      ...reportedCounts(TOLD_OF_EXPERIMENTS),
      id: ID,
      kind: text(1000),
      name: NAME,
      params: { type: "object", ...FREE },
    },
    ...FREE,
  },
  bytes: 4 * MIB,
  examples: { first: { kind: "train", name: "vision/resnet", params: { lr: 0.1, layers: [64, 64] } } },
};

const RUN_BODY: Body = {
  type: JSON_TYPE,
  help: "the definition; any further members are kept with it",
  schema: {
    type: "object",
    properties: {
      ...reportedCounts(TOLD_OF_RUNS),
      id: ID,
      cmd: WORDS,
      pwd: PATH,
      script: PATH,
      hostname: text(255),
      env: VARIABLES,
      git: { type: "object", ...FREE },
    },
    ...FREE,
  },
  bytes: 16 * MIB,
  examples: { first: { cmd: ["python", "train.py"], hostname: "gpu-7" } },
};

/** Bytes of a body with a note. */
const NOTE = 512 * 1024;
const note = (event: string, data: Schema, needed: readonly string[]) =>
  object({ event: { type: "string", const: event }, data }, needed);
const of = { type: "object", properties: { event: false, ts: false } } as const;
const command = (name: string, members: Readonly<Record<string, Schema>>, required: readonly string[]) =>
  object({ command: { type: "string", const: name }, id: ID, ...members }, ["command", "id", ...required]);

/** Names of tokens, or of agents without. */
const AGENTS: Schema = list(text(256, { minLength: 1 }), { minItems: 1, maxItems: 100 });

const NOTE_BODY: Body = {
  type: JSON_TYPE,
  help: `an event, ${Object.keys(NOTES).join(", ")}, and its data`,
  schema: {
    anyOf: [
      note("dbx/tag", object({ tag: text(4096, { minLength: 1 }), remove: { type: "boolean" }, run: ID }, ["tag"]), [
        "event",
        "data",
      ]),
      note("dbx/note", object({ text: text(128 * 1024), run: ID }, ["text"]), ["event", "data"]),
      note("dbx/delete", { ...of, maxProperties: 100, propertyNames: text(256) }, ["event"]),
      note("dbx/restore", { ...of, maxProperties: 100, propertyNames: text(256) }, ["event"]),
      note(
        "dbx/command",
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
  bytes: NOTE,
  examples: {
    tag: { event: "dbx/tag", data: { tag: "baseline" } },
    note: { event: "dbx/note", data: { text: "the one of the paper" } },
  },
};

/** Experiments and their runs. */
export const EXPERIMENT_OPERATIONS = {
  make_experiment: {
    path: "/api/v1/experiments",
    method: "POST",
    right: "write",
    tag: "experiments",
    summary: "Creates an experiment; with an id, repeating the request creates it only once.",
    body: EXPERIMENT_BODY,
    answers: {
      200: json("it existed already", named("MadeExperiment")),
      201: json("it was created", named("MadeExperiment"), {
        links: { show_experiment: { exp: "/exp" }, make_run: { exp: "/exp" }, note: { exp: "/exp" } },
      }),
    },
    errors: [409, 422, 507],
  },
  show_experiment: {
    path: "/api/v1/experiments/{exp}",
    method: "GET",
    right: "read",
    tag: "experiments",
    summary: "An experiment: its definition, notes, and runs with their status.",
    parameters: [EXP],
    answers: { 200: json("the experiment", named("Experiment")), 304: UNCHANGED },
    errors: [404, 409],
  },
  make_run: {
    path: "/api/v1/experiments/{exp}/runs",
    method: "POST",
    right: "write",
    tag: "runs",
    summary: "Creates a run; with an id, repeating the request creates it only once.",
    parameters: [EXP],
    body: RUN_BODY,
    answers: {
      200: json("it existed already", named("MadeRun")),
      201: json("it was created", named("MadeRun"), {
        links: { show_run: { run: "/run" }, read_log: { run: "/run" }, add_to_log: { run: "/run" } },
      }),
    },
    errors: [404, 409, 507],
  },
  note: {
    path: "/api/v1/experiments/{exp}/notes",
    method: "POST",
    right: "write",
    tag: "experiments",
    summary:
      "Adds a tag, a note, a deletion or a restoration; with the role control, also a request to stop or start a run.",
    parameters: [EXP],
    body: NOTE_BODY,
    answers: { 204: nothing("it was stored") },
    errors: [404, 409, 507],
  },
  requests: {
    path: "/api/v1/experiments/{exp}/requests",
    method: "GET",
    right: "read",
    tag: "experiments",
    summary: "The requests to stop and start runs.",
    parameters: [EXP],
    answers: { 200: json("the requests, in order of time", named("Requests")), 304: UNCHANGED },
    errors: [404, 409],
  },
  find: {
    path: "/api/v1/find",
    method: "GET",
    right: "read",
    tag: "experiments",
    summary: "Where an experiment or a run is stored, with the exact text of its definitions.",
    parameters: [
      query(
        "id",
        "an id or a prefix of one; <exp>/<run> for a run of one experiment",
        like(PREFIX_WITHIN),
        { required: true },
      ),
      query(
        "of",
        "experiment (the default) or run; an experiment's id means its latest run",
        oneOf(["experiment", "run"]),
      ),
      query("as", "the name of the repository in error messages", text(4096)),
    ],
    answers: { 200: json("where it is", named("Found")), 304: UNCHANGED },
    errors: [404, 409],
  },
  show_run: {
    path: "/api/v1/runs/{run}",
    method: "GET",
    right: "read",
    tag: "runs",
    summary: "A run: its definition, status and logs.",
    parameters: [RUN],
    answers: { 200: json("the run", named("RunAlone")), 304: UNCHANGED },
    errors: [404, 409],
  },
  read_log: {
    path: "/api/v1/runs/{run}/logs/{log}",
    method: "GET",
    right: "read",
    tag: "runs",
    summary:
      "Events: whole lines, exactly as in the log. As text/event-stream, one message per line, whose id is the offset after it.",
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
  },
  add_to_log: {
    path: "/api/v1/runs/{run}/logs/{log}",
    method: "POST",
    right: "write",
    tag: "runs",
    summary:
      "Appends events. With an offset, the request may be repeated: lines that exist already are skipped. Without one, the events are appended at the end and get a time if they lack one.",
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
  },
} as const satisfies Operations;
