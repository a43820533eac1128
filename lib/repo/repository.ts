import { messageOf } from "../base/errors.ts";
import { isIdV0 } from "../base/ids.ts";
import { type ExperimentDefinition, parseExperiment } from "../format/definition.ts";
import { parseV0 } from "../format/v0.ts";
import { logNameOf } from "../format/names.ts";
import { systemCode } from "../fs/disk_error.ts";
import { isUsable, MAX_NAME } from "../store/names.ts";
import type { Entry, Stat, Store } from "../store/store.ts";
import type { Catalogue, Listed } from "./catalogue.ts";
import { Experiment } from "./experiment.ts";
import { findExperiment, findRun } from "./find.ts";
import { folderState } from "./folder_state.ts";
import { holdsFiles, incompleteOf } from "./incomplete.ts";
import type { Problem } from "./problem.ts";
import type { Run } from "./run.ts";

/** Which experiments to list. */
export interface ListOptions {
  readonly signal?: AbortSignal;
  readonly only?: (definition: ExperimentDefinition) => boolean;
}

/** Where an experiment is: the folder that has its id for a name, relative to the repository. */
export interface Place {
  readonly id: string;
  readonly folder: string;
}

/** A set of experiments, for reading. */
export class Repository {
  /** Damage met while listing; what is damaged is left out of the lists. */
  readonly problems: Problem[] = [];
  /** What is not whole yet, and left out of the lists without a word: an interrupted transfer will bring the rest. */
  readonly incomplete: Problem[] = [];

  constructor(
    readonly store: Store,
    /** 0: made by the Python package `dbxlogger`, without `dbx.json`. */
    readonly version: 0 | 1,
    /** The id of the repository; version 0 has none. */
    readonly id?: string,
    /** What earlier listings knew. */
    readonly catalogue?: Catalogue,
    /** What is wrong with the marker, which could be read only in part. */
    readonly markerProblem?: string,
  ) {}

  get location(): string {
    return this.store.location;
  }

  /** Adds a problem once. */
  report(problem: Problem): void {
    const list = problem.severity === "damage" ? this.problems : this.incomplete;
    if (!list.some((other) => other.path === problem.path && other.message === problem.message)) list.push(problem);
  }

  /**
   * Every experiment, in no order. A damaged one is left out and named in `problems`.
   *
   * @param options `only`: leaves out those whose definition it refuses; they cost next to nothing then where a catalogue
   * knows them.
   */
  async *experiments(options: ListOptions = {}): AsyncIterableIterator<Experiment> {
    for await (const experiment of this.#below("", options)) {
      if (options.only === undefined || options.only(experiment.definition)) yield experiment;
    }
  }

  /**
   * What stands in a folder. One that cannot be listed is empty, what has a name that dbx cannot use is left out, and both are
   * named in `problems`: neither hides the rest of the repository.
   */
  async entries(folder: string, options?: { readonly signal?: AbortSignal }): Promise<readonly Entry[]> {
    try {
      return await this.#usable(folder, await Array.fromAsync(this.store.list(folder, options)));
    } catch (error) {
      if (folder === "" || !isClosed(error)) throw error;
      const message = `a folder that cannot be listed, so what is in it is left out: ${messageOf(error)}`;
      this.report({ path: folder, kind: "closed", message, severity: "damage" });
      return [];
    }
  }

  async #usable(folder: string, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const unusable = new Set<Entry>();
    for (const entry of entries) {
      const { name, kind } = entry;
      if (name.startsWith(".") || (kind !== "folder" && logNameOf(name) === undefined)) continue;
      const path = folder === "" ? name : `${folder}/${name}`;
      // Bytes that are no text come as U+FFFD, and then nothing has that name.
      const isText = !name.includes("\ufffd") || await this.#stat(path) !== undefined;
      if (isText && isUsable(name) && path.length <= MAX_NAME) continue;
      unusable.add(entry);
      const message =
        "its name holds a control character, a backslash, a drive or bytes that are not UTF-8, or is too " +
        "long, so it is left out; rename it";
      this.report({ path, kind: "bad-name", message, severity: "damage" });
    }
    return unusable.size === 0 ? entries : entries.filter((entry) => !unusable.has(entry));
  }

  async #stat(path: string): Promise<Stat | undefined> {
    try {
      return await this.store.stat(path);
    } catch (error) {
      if (isClosed(error)) return undefined;
      throw error;
    }
  }

  async *#below(folder: string, options: ListOptions): AsyncIterableIterator<Experiment> {
    for await (const { id, folder: path } of this.#idFolders(folder, options)) {
      const definition = id !== undefined && options.only && this.catalogue?.definition(path);
      if (definition && !options.only!(definition)) continue;
      const found = id === undefined ? undefined : await this.#look(path, id);
      if (found === undefined) yield* this.#below(path, options);
      else if (found !== "damaged") yield found;
    }
  }

  /** The folders in a folder: those named by an id may be experiments, all others may hold some. */
  async *#idFolders(folder: string, options?: ListOptions): AsyncIterable<{ id?: string; folder: string }> {
    for (const entry of await this.entries(folder, options)) {
      if (entry.kind !== "folder" || entry.name.startsWith(".")) continue;
      if (folder === "" && entry.name === "objects") continue;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      yield isIdV0(entry.name) ? { id: entry.name, folder: path } : { folder: path };
    }
  }

  /** The experiment in a folder named by an id; undefined where it is none's. */
  async #look(path: string, id: string): Promise<Experiment | "damaged" | undefined> {
    const state = this.catalogue && folderState(await this.#stat(path));
    const known = state && this.catalogue?.experiment(path, state);
    if (known) return this.#made(path, known);
    const inside = await this.entries(path);
    if (!isExperiment(inside)) return undefined;
    const listed = await this.#load(path, id, inside);
    if (listed === undefined) return "damaged";
    // A link is met, and said, each time.
    if (state && !inside.some(({ isLink }) => isLink)) this.catalogue?.keepExperiment(path, state, listed);
    return this.#made(path, listed);
  }

  /** Where every experiment is, in no order, without reading it. */
  async *places(folder = ""): AsyncIterable<Place> {
    for await (const { id, folder: path } of this.#idFolders(folder)) {
      if (id !== undefined && await this.#isExperiment(path)) yield { id, folder: path };
      else yield* this.places(path);
    }
  }

  async #isExperiment(path: string): Promise<boolean> {
    if (this.catalogue?.definition(path) !== undefined) return true;
    if ((await this.#stat(`${path}/meta.json`))?.kind === "file") return true;
    return isExperiment(await this.entries(path));
  }

  /** The experiment in a place; undefined where it is damaged, which `problems` then says, or gone. */
  async open({ folder, id }: Place): Promise<Experiment | undefined> {
    const found = await this.#look(folder, id);
    return found === "damaged" ? undefined : found;
  }

  #made(folder: string, { definition, runV0, mayHaveNotes }: Listed): Experiment {
    return new Experiment(this, definition, folder, runV0, mayHaveNotes);
  }

  async #load(folder: string, id: string, inside: readonly Entry[]): Promise<Listed | undefined> {
    const path = `${folder}/meta.json`;
    if (!inside.some((entry) => entry.name === "meta.json")) {
      // Empty folders are nothing at all.
      if (await holdsFiles(this, folder)) this.report(incompleteOf(folder, "experiment"));
      return undefined;
    }
    try {
      const listed = inside.some((entry) => entry.name === "meta.json" && entry.kind === "file");
      const text = new TextDecoder().decode(await this.store.read(path, { listed }));
      const isV0 = this.version === 0 || inside.some((entry) => logNameOf(entry.name) !== undefined);
      return { ...parseListed(text, { path, id, isV0 }), mayHaveNotes: inside.some((entry) => entry.name === "notes") };
    } catch (error) {
      this.report({ path, kind: "bad-definition", message: messageOf(error), severity: "damage" });
    }
  }

  /** The experiment whose id starts with `prefix`. Throws `NotFoundError` or `AmbiguousError`. */
  async findExperiment(prefix: string): Promise<Experiment> {
    return await findExperiment(this, prefix);
  }

  /**
   * The run whose id starts with `prefix`; `exp/run` looks in one experiment only; the prefix of an experiment's id
   * means its latest run. Throws `NotFoundError` or `AmbiguousError`.
   */
  async findRun(prefix: string): Promise<Run> {
    return await findRun(this, prefix);
  }
}

/** An experiment of either version from the text of its definition. Throws `DamageError`. */
export function parseListed(
  text: string,
  { path, id, isV0 }: { readonly path: string; readonly id: string; readonly isV0: boolean },
): Listed {
  if (!isV0) return { definition: parseExperiment(text, { path }), mayHaveNotes: true };
  const { experiment, run } = parseV0(text, { path, id });
  return { definition: experiment, runV0: run, mayHaveNotes: true };
}

/** The system's errors of a folder that cannot be read, and of a path that is too long for it. */
const [UNREADABLE, TOO_LONG] = [5, 36];

/** Whether an error tells of one folder, and not of the whole repository. */
function isClosed(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  const code = systemCode(error);
  return code === UNREADABLE || code === TOO_LONG;
}

function isExperiment(inside: readonly Entry[]): boolean {
  return inside.some((file) => file.name === "meta.json" || file.name === "runs" || logNameOf(file.name));
}
