import { newId } from "../../../base/ids.ts";
import type { JsonObject } from "../../../base/json.ts";
import { AlreadyExistsError, NotFoundError } from "../../../base/errors.ts";
import { type ExperimentDefinition, serializeExperiment } from "../../../format/definitions/definition.ts";
import { experimentFolder } from "../../../format/layout/names.ts";
import { createExperiment } from "../../../logger/create.ts";
import { Experiment } from "../../../repo/experiments/experiment.ts";
import { initRepository } from "../../../repo/open.ts";
import type { Caller } from "../../access/roles.ts";
import { jsonOf } from "../../api/body.ts";
import { ID, json, JSON_TYPE, MIB } from "../../api/parts.ts";
import { like, named, text } from "../../api/schema.ts";
import { TOLD_OF_EXPERIMENTS } from "../../api/schemas.ts";
import { HttpError } from "../../http/http_error.ts";
import type { ServedRepository } from "../../repository/served_repository.ts";
import type { Call, Endpoint } from "../call.ts";
import { FREE, reportedFields } from "./body_parts.ts";

/** Names of an experiment: folders below one another. */
const PART = "(?!\\.)(?!(?:runs|notes|objects)(?:/|$))(?![a-zA-Z]:)(?![0-9a-z]{13}(?:/|$))" +
  "(?:[^\\u0000-\\u001f\\u007f-\\u009f\\\\/]{0,199}[^\\u0000-\\u001f\\u007f-\\u009f\\\\/. ])";
const NAME = like(`^(?:${PART}(?:/${PART})*)?$`, { maxLength: 800 });

/** A body, as its schema has it. */
interface Given {
  readonly id?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly params?: JsonObject;
}

/** An experiment that is to be made. */
type WantedExperiment = Omit<ExperimentDefinition, "createdAt">;

/** One that was made, or was there. */
interface MadeExperiment {
  readonly status: 200 | 201;
  readonly definition: ExperimentDefinition;
  readonly folder: string;
}

/** `POST /api/v1/experiments` */
export const makeExperiment: Endpoint<Call> = {
  help: "With an id, repeating the request creates it only once.",
  body: {
    type: JSON_TYPE,
    help: "the definition; further members are stored with it",
    schema: {
      type: "object",
      properties: {
        ...reportedFields(TOLD_OF_EXPERIMENTS),
        id: ID,
        kind: text(1000),
        name: NAME,
        params: { type: "object", ...FREE },
      },
      ...FREE,
    },
    bytes: 4 * MIB,
    examples: { first: { kind: "train", name: "vision/resnet", params: { lr: 0.1, layers: [64, 64] } } },
  },
  answers: {
    200: json("it existed already", named("MadeExperiment")),
    201: json("it was created", named("MadeExperiment"), {
      links: { show_experiment: { exp: "/exp" }, make_run: { exp: "/exp" }, note: { exp: "/exp" } },
    }),
  },
  errors: [409, 422, 507],

  async handle(call) {
    const { served, grant } = call;
    const { id, kind = "", name = "", params = {}, ...extra } = await jsonOf<Given>(call);
    const wanted = { id: id ?? newId(), kind, name, params, extra: extra as JsonObject };
    await initRepository(served.store.location);
    // Two of one id and different names would each find its place free.
    const made = id === undefined
      ? make(served, wanted, grant)
      : served.serial.run(id, () => makeOnce(served, wanted, grant));
    const { status, definition, folder } = await made;
    (await served.places()).made(new Experiment(await served.repository(), definition, folder));
    served.changed();
    return Response.json({ exp: definition.id, folder }, { status });
  },
};

/** Makes an experiment of a given id, if there is none of that id, whatever its name. */
async function makeOnce(served: ServedRepository, wanted: WantedExperiment, caller: Caller): Promise<MadeExperiment> {
  const there = await existing(served, wanted.id);
  if (there !== undefined) return sameAs(there, wanted);
  try {
    return await make(served, wanted, caller);
  } catch (error) {
    // Another process was quicker.
    if (!(error instanceof AlreadyExistsError)) throw error;
    return sameAs((await (await served.places()).experiment(wanted.id)).definition, wanted);
  }
}

async function make(
  { store, writes }: ServedRepository,
  wanted: WantedExperiment,
  caller: Caller,
): Promise<MadeExperiment> {
  const made = await createExperiment(store, wanted, { guard: writes.guard(caller) });
  await writes.sync();
  return { status: 201, ...made };
}

async function existing(served: ServedRepository, id: string): Promise<ExperimentDefinition | undefined> {
  try {
    return (await (await served.places()).experiment(id)).definition;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** The experiment that is there, where it is what is wanted. */
function sameAs(there: ExperimentDefinition, wanted: WantedExperiment): MadeExperiment {
  if (serializeExperiment(there) !== serializeExperiment({ ...wanted, createdAt: there.createdAt })) {
    throw new HttpError(409, `another experiment has the id "${wanted.id}"`);
  }
  return { status: 200, definition: there, folder: experimentFolder(there) };
}
