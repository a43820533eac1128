import { messageOf } from "../base/errors.ts";
import { warn } from "../base/warn.ts";
import type { JsonObject } from "../base/json.ts";
import type { ExperimentDefinition, RunDefinition } from "../format/definitions/definition.ts";
import { warningOfName } from "../format/layout/portable_names.ts";
import { encodeValue } from "../format/json/value.ts";
import { type EnvironmentChoice, environmentChoice, keptEnvironment } from "../redact/environment.ts";
import { Redactor } from "../redact/redactor.ts";
import type { ListingCache } from "../repo/cache/listing_cache.ts";
import { absolute } from "../base/paths.ts";
import { initRepository, openReader } from "../repo/open.ts";
import { Repository } from "../repo/repository.ts";
import { LocalStore } from "../store/local/local_store.ts";
import { putObject } from "../store/local/objects.ts";
import { expfile } from "../format/json/special_values.ts";
import { checkExtendable, createExperiment, createRun } from "./create.ts";
import { describeGit } from "./git.ts";
import { appendNote } from "./notes.ts";
import { RunLogger, type RunLoggerOptions } from "./run_logger.ts";

/** What an experiment is to be. Any further key is kept as it is. */
export interface ExperimentOptions {
  readonly kind: string;
  readonly name?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Default: a new one. */
  readonly id?: string;
  readonly [custom: string]: unknown;
}

/** How a run is recorded. What is not permitted (environment, host, git) is left out. */
export interface RunOptions extends RunLoggerOptions {
  /**
   * Which environment variables to keep: `"none"` or false, `"all"`, or those of a list in which `*` stands for any letters and
   * `default` for those that tell of machine, job and libraries. Default true: `{ allow: ["default"] }`. What looks like a secret is
   * redacted in any case.
   */
  readonly env?: boolean | EnvironmentChoice;
  /** Further patterns of what to redact: all that they match, or their group `secret`. */
  readonly redact?: readonly (string | RegExp)[];
  /** Keep commit, branch, uncommitted changes. Default true. */
  readonly git?: boolean;
  readonly cmd?: readonly string[];
  readonly pwd?: string;
  readonly script?: string;
  readonly hostname?: string;
  /** Custom keys of the run. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/**
 * Opens a repository for reading and writing.
 *
 * @param location A path; default `./output`. A file URL works too.
 * @param options `create` (default true): make it where there is none; otherwise throws `NotFoundError`.
 *
 * Permissions: read and write on the folder.
 */
export async function openRepository(
  location: string | URL = "./output",
  options: { readonly create?: boolean } = {},
): Promise<LoggingRepository> {
  const text = location instanceof URL || location.startsWith("file:") ? fromFileUrl(new URL(location)) : location;
  const path = text.startsWith("/") ? absolute(text, "/") : absolute(text, Deno.cwd());
  let reader: Repository;
  try {
    reader = await openReader(path);
  } catch (error) {
    if (options.create === false || (error as Error).name !== "NotFoundError") throw error;
    reader = (await initRepository(path)).repository;
  }
  return new LoggingRepository(new LocalStore(path), reader.version, reader.id);
}

function fromFileUrl(url: URL): string {
  return decodeURIComponent(url.pathname);
}

/** A repository to read and to write. */
export class LoggingRepository extends Repository {
  constructor(override readonly store: LocalStore, version: 0 | 1, id?: string, catalogue?: ListingCache) {
    super(store, version, id, catalogue);
  }

  /** Makes an experiment. It is on the disk when the promise resolves. */
  async experiment(options: ExperimentOptions): Promise<LoggedExperiment> {
    const { kind, name, params = {}, id, ...extra } = options;
    const { definition, folder } = await createExperiment(this.store, {
      kind,
      name,
      id,
      params: encodeValue(params) as JsonObject,
      extra: encodeValue(extra) as JsonObject,
    });
    const warning = warningOfName(definition.name);
    if (warning !== undefined) warn(`${warning}; names are for ever`);
    return new LoggedExperiment(this.store, definition, folder);
  }

  /** An experiment that exists, by an id prefix, to be run again. */
  async resume(prefix: string): Promise<LoggedExperiment> {
    const found = await this.findExperiment(prefix);
    checkExtendable(found);
    return new LoggedExperiment(this.store, found.definition, found.folder);
  }
}

/** Where the runs of an experiment are written, when that is not one place for good: a spool comes and goes. */
export interface RunPlace {
  /** Called before something is written. The store is there until `done` is called. */
  begin(): Promise<LocalStore>;
  done(): void;
}

/** An experiment to be run. */
export class LoggedExperiment {
  readonly #place: RunPlace;

  constructor(
    readonly store: LocalStore,
    readonly definition: ExperimentDefinition,
    /** Relative to the repository. */
    readonly folder: string,
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

  /** Starts a run: command, folder, host, git and environment are recorded as far as they are permitted. */
  async run(options: RunOptions = {}): Promise<RunLogger> {
    const store = await this.#place.begin();
    try {
      const env = await ifPermitted({ name: "env" }, () => Deno.env.toObject());
      const redactor = new Redactor({ redact: options.redact, env });
      const definition = await describeRun(store, this.id, options, redactor, env);
      const created = await createRun(store, this.folder, definition);
      const onFinish = () => {
        this.#place.done();
        options.onFinish?.();
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
