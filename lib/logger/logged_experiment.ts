import { messageOf } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import type { ExperimentDefinition, RunDefinition } from "../format/definitions/definition.ts";
import { expfile } from "../format/json/special_values.ts";
import { encodeValue } from "../format/json/value.ts";
import { type EnvironmentChoice, environmentChoice, keptEnvironment } from "../redact/environment.ts";
import { Redactor } from "../redact/redactor.ts";
import type { LocalStore } from "../store/local/local_store.ts";
import { putObject } from "../store/local/objects.ts";
import { checkExtendable, createRun } from "./create.ts";
import { describeGit } from "./git.ts";
import type { LogReport } from "./log/log_writer.ts";
import { appendNote } from "./notes.ts";
import { checkRunOptions, type RunOptions } from "./options.ts";
import { RunLogger } from "./run_logger.ts";

/** Where the runs of an experiment are written, when that is not one place for good: a spool comes and goes. */
export interface RunPlace {
  /** Called before something is written. The store is there until `done` is called. */
  begin(): Promise<LocalStore>;
  done(): void;
  /** Adds to the notes, where they do not stand beside the runs. */
  note?(event: string, data: JsonObject): Promise<void>;
}

/** An experiment to be run, to be tagged, and to take notes. */
export class LoggedExperiment {
  readonly #place: RunPlace;

  constructor(
    readonly store: LocalStore,
    readonly definition: ExperimentDefinition,
    /** Relative to the repository. */
    readonly folder: string,
    /** The version of the format that it is kept in. One of v0 has one run, and takes notes only. */
    readonly version: 0 | 1 = 1,
    place?: RunPlace,
  ) {
    this.#place = place ?? { begin: () => Promise.resolve(store), done: () => {} };
  }

  get id(): string {
    return this.definition.id;
  }
  get kind(): string {
    return this.definition.kind;
  }
  get name(): string {
    return this.definition.name;
  }
  /** The params by name: `experiment.params.lr`. */
  get params(): JsonObject {
    return this.definition.params;
  }

  /**
   * Starts a run: command, folder, host, git and environment are recorded as far as they are permitted.
   *
   * @throws {UsageError} For an option that there is not, and for a v0 experiment.
   */
  async run(options: RunOptions = {}): Promise<RunLogger> {
    checkRunOptions(options);
    checkExtendable(this);
    const store = await this.#place.begin();
    try {
      const env = await ifPermitted({ name: "env" }, () => Deno.env.toObject());
      const redactor = new Redactor({ redact: options.redact, env });
      const definition = await describeRun(store, this.id, options, redactor, env);
      const created = await createRun(store, this.folder, definition);
      const onFinish = (report: LogReport) => {
        this.#place.done();
        options.onFinish?.(report);
      };
      return new RunLogger(store, created.definition, this.id, created.folder, this.params, {
        ...options,
        onFinish,
        redacted: redactor.counts,
      });
    } catch (error) {
      this.#place.done();
      throw error;
    }
  }

  /** Adds tags. */
  async tag(...tags: string[]): Promise<void> {
    await this.#append(tags.map((tag) => ["dbx/tag", { tag }]));
  }

  /** Adds a note. */
  async note(text: string): Promise<void> {
    await this.#append([["dbx/note", { text }]]);
  }

  async #append(notes: readonly (readonly [event: string, data: JsonObject])[]): Promise<void> {
    if (this.#place.note !== undefined) {
      for (const [event, data] of notes) await this.#place.note(event, data);
      return;
    }
    const store = await this.#place.begin();
    try {
      for (const [event, data] of notes) await appendNote(store, this.folder, event, data);
    } finally {
      this.#place.done();
    }
  }
}

async function describeRun(
  store: LocalStore,
  exp: string,
  options: RunOptions,
  redactor: Redactor,
  env: Readonly<Record<string, string>> | undefined,
): Promise<Partial<RunDefinition>> {
  const pwd = options.pwd ?? await ifPermitted({ name: "read" }, () => Deno.cwd());
  const state = options.git === false || pwd === undefined
    ? undefined
    : await ifPermitted({ name: "run", command: "git" }, () => describeGit(pwd, redactor));
  let git = state?.git;
  if (git !== undefined && state?.diff !== undefined) {
    const { sha256 } = await putObject(store, state.diff);
    git = { ...git, diff: expfile({ exp, name: "git.diff", sha256 }) };
  }
  return {
    cmd: options.cmd === undefined ? undefined : redactor.words(options.cmd),
    pwd: pwd && redactor.text(pwd),
    script: options.script ?? await ifPermitted({ name: "read" }, () => Deno.mainModule),
    hostname: options.hostname ?? await ifPermitted({ name: "sys", kind: "hostname" }, () => Deno.hostname()),
    env: env && keptEnvironment(env, choiceOf(options.env), redactor),
    git,
    extra: encodeValue(options.extra ?? {}) as JsonObject,
  };
}

function choiceOf(env: RunOptions["env"]): EnvironmentChoice {
  if (env === false) return "none";
  return env === undefined || env === true ? environmentChoice(undefined) : env;
}

/** The value, if the permission is held already: a logger asks for none. */
async function ifPermitted<T>(permission: Deno.PermissionDescriptor, get: () => T): Promise<Awaited<T> | undefined> {
  try {
    if ((await Deno.permissions.query(permission)).state === "granted") return await get();
  } catch (error) {
    messageOf(error); // What is not to be had is left out of the definition.
  }
  return undefined;
}
