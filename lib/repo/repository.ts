import { messageOf } from "../base/errors.ts";
import { definitionFile, logNameOf, META_FILE, NOTES_FOLDER, RUNS_FOLDER, runsFolder } from "../format/layout/names.ts";
import { holdsRuns, looksLikeV0 } from "../format/definitions/v0.ts";
import { systemCode } from "../fs/disk_error.ts";
import { MAX_NAME } from "../format/layout/file_kind.ts";
import { isPathTooDeep, isUsable } from "../store/names.ts";
import type { Entry, Stat, Store } from "../store/store.ts";
import type { ListingCache, ListingEntry } from "./cache/listing_cache.ts";
import type { Listing } from "./experiments/context.ts";
import { Experiment, type ExperimentRun } from "./experiments/experiment.ts";
import type { ListOptions, LookupContext, Place } from "./lookup/context.ts";
import { findExperiment, findRun } from "./lookup/find.ts";
import { folderState } from "./cache/folder_state.ts";
import type { Ids } from "./lookup/ids.ts";
import { holdsFiles, incompleteOf } from "./problems/missing_definition.ts";
import { listExperiments, listPlaces } from "./lookup/list_experiments.ts";
import { parseListed } from "./cache/parse_definition.ts";
import { unlessPurged } from "./lookup/purged.ts";
import { type Problem, problem } from "./problems/problem.ts";

/** A set of experiments, for reading. */
export class Repository implements LookupContext {
  /** Damage met while listing; what is damaged is left out of the lists. */
  readonly problems: Problem[] = [];
  /** What is not whole yet, and left out of the lists without a word: an interrupted transfer will bring the rest. */
  readonly incomplete: Problem[] = [];

  constructor(
    readonly store: Store,
    /** 0: made by the Python package `dbxlogger`, without `dbx.json`. */
    readonly version: 0 | 1,
    /** The id of the repository; v0 has none. */
    readonly id?: string,
    /** What earlier listings knew. */
    readonly catalogue?: ListingCache,
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
    for await (const batch of this.batches(options)) yield* batch;
  }

  /** The same in arrays, which is faster over many experiments. */
  async *batches(options: ListOptions = {}): AsyncIterableIterator<readonly Experiment[]> {
    yield* listExperiments(this, options);
  }

  /**
   * What stands in a folder. One that cannot be listed is empty, what has a name that dbx cannot use is left out, and both are
   * named in `problems`: neither hides the rest of the repository.
   */
  async entries(folder: string, options?: { readonly signal?: AbortSignal }): Promise<readonly Entry[]> {
    return (await this.listing(folder, options)).entries;
  }

  /** The same, and whether there is something to be said of it. */
  async listing(folder: string, options?: { readonly signal?: AbortSignal }): Promise<Listing> {
    try {
      options?.signal?.throwIfAborted();
      const all = this.store.listNow?.(folder) ?? await Array.fromAsync(this.store.list(folder, options));
      const entries = await this.#usable(folder, all);
      return { entries, isPlain: entries === all && !all.some(({ isLink }) => isLink) };
    } catch (error) {
      if (folder === "" || !isClosed(error)) throw error;
      const message = `a folder that cannot be listed, so its contents are left out: ${messageOf(error)}`;
      this.report(problem("unreadable", { path: folder, message }));
      return { entries: [], isPlain: false };
    }
  }

  async #usable(folder: string, entries: readonly Entry[]): Promise<readonly Entry[]> {
    const unusable = new Set<Entry>();
    for (const entry of entries) {
      const { name, kind } = entry;
      if (name.startsWith(".") || (kind !== "folder" && logNameOf(name) === undefined)) continue;
      const path = folder === "" ? name : `${folder}/${name}`;
      // Bytes that are not valid text are read as U+FFFD, and then no file has that name.
      const isText = !name.includes("\ufffd") || await this.#stat(path) !== undefined;
      const isTooLong = path.length > MAX_NAME || (kind === "folder" && isPathTooDeep(path));
      if (isText && isUsable(name) && !isTooLong) continue;
      unusable.add(entry);
      const message =
        "its name holds a control character, a backslash, a drive or bytes that are not UTF-8, or is too " +
        "long or too deep, so it is left out; rename it";
      this.report(problem("bad-name", { path, message }));
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

  /** The experiment in a folder named by an id; undefined if there is none. */
  async look(path: string, id: string): Promise<Experiment | "damaged" | undefined> {
    const seenAt = this.catalogue?.now() ?? 0;
    const state = this.catalogue && folderState(this.store, path);
    const known = state && this.catalogue?.experiment(path);
    if (known?.isAt(state!)) return new Experiment(this, known, path, true);
    const { entries: inside, isPlain } = await this.listing(path);
    if (!isExperiment(inside)) return undefined;
    const listed = await this.#load(path, id, inside);
    if (listed === undefined) return "damaged";
    // Whether such a folder holds runs does not show in its own state.
    const isClear = isPlain && !(looksLikeV0(inside) && inside.some(({ name }) => name === RUNS_FOLDER));
    const kept = state && isClear ? this.catalogue?.keepExperiment(path, state, seenAt, listed) : undefined;
    if (kept !== undefined) return new Experiment(this, kept, path, true);
    return new Experiment(this, listed.definition, path, listed.runV0, listed.mayHaveNotes);
  }

  /** Where every experiment is, in no order, without reading it. */
  async *places(): AsyncIterable<Place> {
    yield* listPlaces(this);
  }

  /** Whether a folder named by an id is an experiment's. */
  async isExperiment(path: string): Promise<boolean> {
    if ((await this.#stat(definitionFile(path)))?.kind === "file") return true;
    return isExperiment(await this.entries(path));
  }

  /** The experiment in a place; undefined where it is damaged, which `problems` then says, or gone. */
  async open({ folder, id }: Place): Promise<Experiment | undefined> {
    const found = await this.look(folder, id);
    return found === "damaged" ? undefined : found;
  }

  async #load(folder: string, id: string, inside: readonly Entry[]): Promise<ListingEntry | undefined> {
    const path = definitionFile(folder);
    if (!inside.some((entry) => entry.name === META_FILE)) {
      // Empty folders are nothing at all.
      if (await holdsFiles(this, folder)) this.report(incompleteOf(folder, "experiment"));
      return undefined;
    }
    try {
      const listed = inside.some((entry) => entry.name === META_FILE && entry.kind === "file");
      const text = new TextDecoder().decode(await this.store.read(path, { listed }));
      const isV0 = this.version === 0 || (looksLikeV0(inside) && !holdsRuns(await this.entries(runsFolder(folder))));
      const mayHaveNotes = inside.some((entry) => entry.name === NOTES_FOLDER);
      return { ...parseListed(text, { path, id, isV0 }), mayHaveNotes, text };
    } catch (error) {
      this.report(problem("bad-definition", { path, message: messageOf(error) }));
    }
  }

  /**
   * The experiment whose id starts with `prefix`. `ids`: the known ones, if they are kept. Throws `NotFoundError` or
   * `AmbiguousError`.
   */
  async findExperiment(prefix: string, ids?: Ids): Promise<Experiment> {
    return await unlessPurged(this, prefix, () => findExperiment(this, prefix, ids));
  }

  /**
   * The run whose id starts with `prefix`; `exp/run` looks in one experiment only; the prefix of an experiment's id
   * means its latest run. Throws `NotFoundError` or `AmbiguousError`.
   */
  async findRun(prefix: string, ids?: Ids): Promise<ExperimentRun> {
    return await unlessPurged(this, prefix, () => findRun(this, prefix, ids));
  }
}

/** The system's errors of a folder that cannot be read, and of a path that is too long for it. */
const [UNREADABLE, TOO_LONG] = [5, 36];

/** Whether an error concerns one folder, not the whole repository. */
function isClosed(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  const code = systemCode(error);
  return code === UNREADABLE || code === TOO_LONG;
}

function isExperiment(inside: readonly Entry[]): boolean {
  return inside.some((file) => file.name === META_FILE || file.name === RUNS_FOLDER || logNameOf(file.name));
}
