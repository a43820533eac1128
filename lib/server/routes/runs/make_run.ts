import { AlreadyExistsError } from "../../../base/errors.ts";
import { newId } from "../../../base/ids.ts";
import type { JsonObject } from "../../../base/json.ts";
import { type RunDefinition, serializeRun } from "../../../format/definitions/definition.ts";
import { runFolder } from "../../../format/layout/names.ts";
import { createRun } from "../../../logger/create.ts";
import { Run } from "../../../repo/experiments/run.ts";
import { jsonOf } from "../../api/body.ts";
import { EXP, ID, json, JSON_TYPE, MIB } from "../../api/parts.ts";
import { named, text } from "../../api/schema.ts";
import { TOLD_OF_RUNS } from "../../api/schemas.ts";
import { HttpError } from "../../http/http_error.ts";
import type { Call, Endpoint } from "../call.ts";
import { FREE, PATH, reportedFields, VARIABLES, WORDS } from "../experiments/body_parts.ts";

/** A body, as its schema has it. */
interface Given {
  readonly id?: string;
  readonly cmd?: string[];
  readonly pwd?: string;
  readonly script?: string;
  readonly hostname?: string;
  readonly env?: Record<string, string>;
  readonly git?: JsonObject;
}

/** `POST /api/v1/experiments/{exp}/runs` */
export const makeRun: Endpoint<Call> = {
  help: "With an id, repeating the request creates it only once.",
  parameters: [EXP],
  body: {
    type: JSON_TYPE,
    help: "the definition; further members are stored with it",
    schema: {
      type: "object",
      properties: {
        ...reportedFields(TOLD_OF_RUNS),
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
  },
  answers: {
    200: json("it existed already", named("MadeRun")),
    201: json("it was created", named("MadeRun"), {
      links: { show_run: { run: "/run" }, read_log: { run: "/run" }, add_to_log: { run: "/run" } },
    }),
  },
  errors: [404, 409, 507],

  async handle(call) {
    const { served, grant, path } = call;
    const places = await served.places();
    const experiment = await places.experiment(path.exp);
    if (experiment.version === 0) throw new HttpError(403, "an experiment in format v0 has only one run");
    const { id = newId(), cmd, pwd, script, hostname, env, git, ...extra } = await jsonOf<Given>(call);
    // A token of the role agent names the agent; others are called as they like.
    const isAgent = grant.role === "agent" && ("agent" in extra || served.writes.isStart(experiment.folder, id));
    const wanted: Partial<RunDefinition> = {
      id,
      cmd,
      pwd,
      script,
      hostname,
      env,
      git,
      extra: { ...extra as JsonObject, ...(isAgent && { agent: grant.name! }) },
    };
    let status = 201;
    let made: Awaited<ReturnType<typeof createRun>>;
    try {
      made = await createRun(served.store, experiment.folder, wanted, { guard: served.writes.guard(grant) });
      await served.writes.sync();
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
      const run = (await experiment.runs()).find((run) => run.id === id);
      const same = { extra: {}, ...wanted, createdAt: run?.createdAt } as RunDefinition;
      const isSame = run !== undefined && serializeRun(run.definition) === serializeRun(same);
      if (!isSame || !served.writes.isOwnRun(grant, run.folder)) {
        throw new HttpError(409, `another run has the id "${id}"`);
      }
      status = 200;
      made = { definition: run.definition, folder: runFolder(experiment.folder, id) };
    }
    places.made(experiment, new Run(experiment, made.definition, made.folder));
    served.changed();
    return Response.json({ exp: experiment.id, run: id, folder: made.folder }, { status });
  },
};
