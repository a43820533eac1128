import { AlreadyExistsError, DbxError, NotFoundError, UsageError } from "../../base/errors.ts";
import { isId, newId } from "../../base/ids.ts";
import { isObject, type JsonObject } from "../../base/json.ts";
import {
  type ExperimentDefinition,
  type RunDefinition,
  serializeExperiment,
  serializeRun,
} from "../../format/definitions/definition.ts";
import { experimentFolder, runFolder } from "../../format/layout/names.ts";
import { createExperiment, createRun } from "../../logger/create.ts";
import { appendNote } from "../../logger/notes.ts";
import { COMMAND_EVENT, readRequests, requestOf } from "../../repo/control/requests.ts";
import { Experiment } from "../../repo/experiments/experiment.ts";
import { initRepository } from "../../repo/open.ts";
import { Run } from "../../repo/experiments/run.ts";
import type { RunStatus } from "../../repo/logs/run_status.ts";
import { isFresh, jsonAnswer } from "../http/responses.ts";
import { jsonOf } from "../api/body.ts";
import { ResponseCache } from "../http/response_cache.ts";
import { HttpError } from "../http/http_error.ts";
import { textOf } from "../http/request_body.ts";
import type { Caller } from "../access/roles.ts";
import { NOTES } from "../writes/event_rights.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

/** An experiment that is to be made. */
type WantedExperiment = Omit<ExperimentDefinition, "createdAt">;

/** One that was made, or was there. */
interface MadeExperiment {
  readonly status: 200 | 201;
  readonly definition: ExperimentDefinition;
  readonly folder: string;
}

/** Answers about single experiments and runs, and makes them. */
export class ExperimentRoutes {
  readonly #memo: ResponseCache;
  /** What is done about ids just now. */
  readonly #atWork = new Map<string, Promise<void>>();

  constructor(readonly served: ServedRepository) {
    this.#memo = new ResponseCache(served.store);
    served.onChange = () => this.#memo.changed();
  }

  /** The remembered answer about an experiment, where a look within the last 10 ms says that it is still true. */
  remembered(prefix: string, now: number): { readonly text: string; readonly etag: string } | undefined {
    const key = `e ${prefix}`;
    return this.#memo.isFresh(key, now) ? this.#memo.get(key, true) : undefined;
  }

  /** `GET /experiments/<id>`: the definition, notes, and runs with how they are doing. */
  async show(request: Request, prefix: string): Promise<Response> {
    const key = `e ${prefix}`;
    const kept = this.#memo.get(key);
    if (kept !== undefined) return cachedFastPath(request, kept.text, kept.etag);
    const experiment = await (await this.served.places()).experiment(prefix);
    const stamps = this.#memo.stamps([experiment.folder, `${experiment.folder}/notes`, `${experiment.folder}/runs`]);
    const noteLogs = await experiment.noteLogs();
    const noteStamps = this.#memo.stamps(noteLogs.map(({ file }) => file));
    const runs = await experiment.runs();
    const runStamps = this.#memo.stamps(runs.map((run) => run.log("dbx").file));
    const now = Date.now();
    const shown: JsonObject[] = [];
    let settled = true;
    for (const run of runs) {
      const status = await run.status(now);
      settled &&= status.endedAt !== undefined;
      shown.push(runJson(run, status));
    }
    const { tags, notes, deleted } = await experiment.notes();
    const { createdAt, extra, ...own } = experiment.definition;
    const json = { ...own, createdAt: timeOf(createdAt), ...extra, tags, notes, deleted, runs: shown };
    const text = JSON.stringify(json) + "\n";
    const response = await jsonAnswer(request, json);
    if (settled && prefix === experiment.id) {
      this.#memo.keep(key, { text, etag: response.headers.get("etag")!, of: [...stamps, ...noteStamps, ...runStamps] });
    }
    return response;
  }

  /** `GET /find?id=<prefix>&of=experiment|run`: where it is, and the definitions as they stand in the files. */
  async find(request: Request, { searchParams: search }: URL): Promise<Response> {
    const { served } = this;
    const id = search.get("id") ?? "";
    const of = search.get("of") ?? "experiment";
    if (of !== "experiment" && of !== "run") throw new HttpError(400, `"of" must be experiment or run`);
    const meta = async (folder: string) => new TextDecoder().decode(await served.store.read(`${folder}/meta.json`));
    try {
      const places = await served.places();
      const run = of === "run" ? await places.run(id) : undefined;
      const { folder, version } = run?.experiment ?? await places.experiment(id);
      const json: JsonObject = { experiment: { folder, version, meta: await meta(folder) } };
      if (run !== undefined && version === 1) json.run = { folder: run.folder, meta: await meta(run.folder) };
      return await jsonAnswer(request, json);
    } catch (error) {
      // Who asked knows the repository by a name of their own.
      const as = search.get("as");
      if (as !== null && error instanceof DbxError) error.message = error.message.replaceAll(served.store.location, as);
      throw error;
    }
  }

  /** `POST /experiments`: makes one, once where an id is given. */
  async make(request: Request, caller: Caller): Promise<Response> {
    const json = await jsonOf("make_experiment", request);
    const { id, kind: _kind, name: _name, params, ...extra } = json;
    const wanted = {
      id: textOf(json, "id") ?? newId(),
      kind: textOf(json, "kind") ?? "",
      name: textOf(json, "name") ?? "",
      params: objectOf(params, "params"),
      extra: extra as JsonObject,
    };
    await this.#prepare();
    // Two of one id and different names would each find its place free.
    const made = id === undefined
      ? this.#make(wanted, caller)
      : this.#alone(wanted.id, () => this.#makeOnce(wanted, caller));
    const { status, definition, folder } = await made;
    const { served } = this;
    (await served.places()).made(new Experiment(await served.repository(), definition, folder));
    served.changed();
    return Response.json({ exp: definition.id, folder }, { status });
  }

  /** Makes an experiment of a given id, if there is none of that id, whatever its name. */
  async #makeOnce(wanted: WantedExperiment, caller: Caller): Promise<MadeExperiment> {
    const there = await this.#existing(wanted.id);
    if (there !== undefined) return sameAs(there, wanted);
    try {
      return await this.#make(wanted, caller);
    } catch (error) {
      // Another process was quicker.
      if (!(error instanceof AlreadyExistsError)) throw error;
      return sameAs((await (await this.served.places()).experiment(wanted.id)).definition, wanted);
    }
  }

  async #make(wanted: WantedExperiment, caller: Caller): Promise<MadeExperiment> {
    const { store, writes } = this.served;
    const made = await createExperiment(store, wanted, { guard: writes.guard(caller) });
    await writes.sync();
    return { status: 201, ...made };
  }

  async #existing(id: string): Promise<ExperimentDefinition | undefined> {
    try {
      return (await (await this.served.places()).experiment(id)).definition;
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  /** Does work about an id when no other work about it is done. */
  async #alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    const before = this.#atWork.get(id);
    const done = (before ?? Promise.resolve()).then(work, work);
    const over = done.then(() => {}, () => {});
    this.#atWork.set(id, over);
    try {
      return await done;
    } finally {
      if (this.#atWork.get(id) === over) this.#atWork.delete(id);
    }
  }

  /** `POST /experiments/<id>/runs`: makes a run, once where an id is given. */
  async makeRun(request: Request, prefix: string, caller: Caller): Promise<Response> {
    const { served } = this;
    const places = await served.places();
    const experiment = await places.experiment(prefix);
    if (experiment.version === 0) throw new HttpError(403, "an experiment in format v0 has only one run");
    const json = await jsonOf("make_run", request);
    const { id: _id, cmd, pwd: _pwd, script: _script, hostname: _hostname, env, git, ...extra } = json;
    const id = textOf(json, "id") ?? newId();
    if (!isId(id)) throw new UsageError(`Cannot make the run "${id}": an id consists of 13 characters of 0-9a-z`);
    if (cmd !== undefined && !(Array.isArray(cmd) && cmd.every((word) => typeof word === "string"))) {
      throw new HttpError(400, `"cmd" must be a list of strings`);
    }
    const wanted: Partial<RunDefinition> = {
      id,
      cmd: cmd as string[] | undefined,
      pwd: textOf(json, "pwd"),
      script: textOf(json, "script"),
      hostname: textOf(json, "hostname"),
      env: env === undefined ? undefined : objectOf(env, "env") as Record<string, string>,
      git: git === undefined ? undefined : objectOf(git, "git"),
      // A token of the role agent names the agent; others are called as they like.
      extra: {
        ...extra as JsonObject,
        ...(caller.role === "agent" && ("agent" in extra || served.writes.isStart(experiment.folder, id)) &&
          { agent: caller.name! }),
      },
    };
    let status = 201;
    let made: Awaited<ReturnType<typeof createRun>>;
    try {
      made = await createRun(served.store, experiment.folder, wanted, { guard: served.writes.guard(caller) });
      await served.writes.sync();
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
      const run = (await experiment.runs()).find((run) => run.id === id);
      const same = { extra: {}, ...wanted, createdAt: run?.createdAt } as RunDefinition;
      const isSame = run !== undefined && serializeRun(run.definition) === serializeRun(same);
      if (!isSame || !served.writes.isOwnRun(caller, run.folder)) {
        throw new HttpError(409, `another run has the id "${id}"`);
      }
      status = 200;
      made = { definition: run.definition, folder: runFolder(experiment.folder, id) };
    }
    places.made(experiment, new Run(experiment, made.definition, made.folder));
    served.changed();
    return Response.json({ exp: experiment.id, run: id, folder: made.folder }, { status });
  }

  /** `GET /runs/<id>`. */
  async showRun(request: Request, prefix: string): Promise<Response> {
    const run = await (await this.served.places()).run(prefix);
    const logs = [];
    for (const name of await run.logs()) logs.push({ name, size: await run.log(name).size() });
    return await jsonAnswer(request, { ...runJson(run, await run.status()), exp: run.experiment.id, logs });
  }

  /** `POST /experiments/<id>/notes`: a tag, a note, a deletion, or a request to control a run. */
  async note(request: Request, prefix: string, caller: Caller): Promise<Response> {
    const { served } = this;
    const experiment = await (await served.places()).experiment(prefix);
    const { event, data = {} } = await jsonOf("note", request);
    if (!isObject(data)) throw new HttpError(400, `"data" must be an object`);
    if (typeof event !== "string" || !Object.hasOwn(NOTES, event)) {
      throw new HttpError(400, `"event" must be an event of notes`);
    }
    if (event === COMMAND_EVENT) {
      if (requestOf(data as JsonObject, experiment.id, 0) === undefined) {
        throw new HttpError(400, '"data" is not a valid request to control a run');
      }
    }
    served.writes.note(caller, experiment.folder, event, data);
    await appendNote(served.store, experiment.folder, event, data);
    served.changed();
    return new Response(null, { status: 204 });
  }

  /** `GET /experiments/<id>/requests`: what was asked of its runs. */
  async requests(request: Request, prefix: string): Promise<Response> {
    const experiment = await (await this.served.places()).experiment(prefix);
    return await jsonAnswer(request, { requests: await readRequests(experiment) });
  }

  async #prepare(): Promise<void> {
    await initRepository(this.served.store.location);
  }
}

/** The experiment that is there, where it is what is wanted. */
function sameAs(there: ExperimentDefinition, wanted: WantedExperiment): MadeExperiment {
  if (serializeExperiment(there) !== serializeExperiment({ ...wanted, createdAt: there.createdAt })) {
    throw new HttpError(409, `another experiment has the id "${wanted.id}"`);
  }
  return { status: 200, definition: there, folder: experimentFolder(there) };
}

/** A remembered answer; short ones only are remembered, and sent as they are. */
function cachedFastPath(request: Request, text: string, etag: string): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-cache", "etag": etag };
  return isFresh(request, etag) ? new Response(null, { status: 304, headers }) : new Response(text, { headers });
}

function runJson(run: Run, status: RunStatus): JsonObject {
  const { createdAt, extra, ...own } = run.definition;
  return { ...own, createdAt: timeOf(createdAt), ...extra, ...status } as unknown as JsonObject;
}

/** JSON has no NaN: the time that a definition does not say. */
function timeOf(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}

function objectOf(value: unknown, key: string): JsonObject {
  if (value === undefined) return {};
  if (!isObject(value)) throw new HttpError(400, `"${key}" must be an object`);
  return value as JsonObject;
}
