import { messageOf, NotFoundError } from "../../base/errors.ts";
import { isIdV0 } from "../../base/ids.ts";
import type { JsonObject } from "../../base/json.ts";
import { type ExperimentDefinition, parseRun, type RunDefinition } from "../../format/definitions/definition.ts";
import {
  definitionFile,
  LOG_SUFFIX,
  logNameOf,
  notesFolder,
  runFolder,
  runsFolder,
} from "../../format/layout/names.ts";
import { type FolderState, folderState } from "../cache/folder_state.ts";
import { LogReader } from "../logs/log_reader.ts";
import type { Brief, KnownExperiment, KnownRun, ListedRun } from "../cache/listing_cache.ts";
import { NO_NOTES, type Notes, readNotes } from "../logs/notes.ts";
import { holdsFiles, incompleteOf } from "../problems/missing_definition.ts";
import { parseListed } from "../cache/parse_definition.ts";
import { problem } from "../problems/problem.ts";
import type { ExperimentContext, RepositoryContext } from "./context.ts";
import { Run } from "./run.ts";
import { hasLife, type RunStatus } from "../logs/run_status.ts";

/** A run, and its experiment with all that can be asked of it. */
export type ExperimentRun = Run<Experiment>;

/** A definition that never changes, and its runs. */
export class Experiment implements ExperimentContext {
  /** A link among the runs, for one, is met, and said, each time. */
  #isOdd = false;
  #definition: ExperimentDefinition | undefined;
  #runV0: RunDefinition | undefined;
  #mayHaveNotes: boolean | undefined;
  #known: KnownExperiment | undefined;
  #shortly: Brief | undefined;

  /** `runV0`: the one run of a v0 experiment, which stands in the same file; undefined in v1. */
  constructor(
    repository: RepositoryContext,
    definition: ExperimentDefinition,
    folder: string,
    runV0?: RunDefinition,
    mayHaveNotes?: boolean,
  );
  /** `known`: what the catalogue knows of it. `isAsKnown`: its folder was looked at, and is still in that state. */
  constructor(repository: RepositoryContext, known: KnownExperiment, folder: string, isAsKnown: boolean);
  constructor(
    readonly repository: RepositoryContext,
    of: ExperimentDefinition | KnownExperiment,
    /** Relative to the repository. */
    readonly folder: string,
    second?: RunDefinition | boolean,
    mayHaveNotes = true,
  ) {
    if ("brief" in of && typeof of.definition === "function") {
      this.#known = of;
      this.#mayHaveNotes = second === true ? of.mayHaveNotes : undefined;
      return;
    }
    this.#definition = this.#shortly = of as ExperimentDefinition;
    if (typeof second === "object") this.#runV0 = second;
    this.#mayHaveNotes = mayHaveNotes;
  }

  get definition(): ExperimentDefinition {
    return this.#definition ??= this.#known?.definition() ?? this.#readAgain().definition;
  }

  /** The one run of a v0 experiment; undefined in v1. */
  get runV0(): RunDefinition | undefined {
    if (this.#known?.version !== 0) return this.#runV0;
    return this.#runV0 ??= this.#known.runV0() ?? this.#readAgain().runV0;
  }

  /** What the catalogue did not keep. */
  #readAgain() {
    const path = definitionFile(this.folder);
    const text = new TextDecoder().decode(this.repository.store.readNow!(path));
    return parseListed(text, { path, id: this.id, isV0: this.version === 0 });
  }

  /** False where it has no notes: they need not be looked for then. */
  get mayHaveNotes(): boolean {
    if (this.#mayHaveNotes === undefined) {
      const state = folderState(this.repository.store, this.folder);
      this.#mayHaveNotes = state === undefined || !this.#known!.isAt(state) || this.#known!.mayHaveNotes;
    }
    return this.#mayHaveNotes;
  }

  get #brief(): Brief {
    return this.#shortly ??= this.#known!.brief;
  }

  get id(): string {
    return this.#known?.id ?? this.#brief.id;
  }
  get kind(): string {
    return this.#brief.kind;
  }
  get name(): string {
    return this.#brief.name;
  }
  get params(): JsonObject {
    return this.definition.params;
  }
  /** Milliseconds since the Unix epoch; NaN where v0 does not say. */
  get createdAt(): number {
    return this.#brief.createdAt;
  }
  /** Custom keys of the definition. */
  get extra(): JsonObject {
    return this.definition.extra;
  }
  /** The version of the format that it is kept in. */
  get version(): 0 | 1 {
    return this.#known?.version ?? (this.#runV0 === undefined ? 1 : 0);
  }

  /** Its runs as the catalogue knows them, if their folder is still in that state; undefined: `runs` has to look for them. */
  knownRuns(): ExperimentRun[] | undefined {
    if (this.#known === undefined || this.version === 0) return undefined;
    const seen = this.#known.seenRuns?.();
    if (seen !== undefined) return this.#made(seen);
    const state = folderState(this.repository.store, runsFolder(this.folder));
    const known = state && this.#known.runs(state);
    return known && this.#made(known);
  }

  #made(known: readonly KnownRun[]): ExperimentRun[] {
    return known.map((run) => new Run(this, run, runFolder(this.folder, run.name)));
  }

  /** Its runs, oldest first. A damaged one is left out and named in `repository.problems`. */
  async runs(): Promise<ExperimentRun[]> {
    if (this.version === 0) return [new Run(this, this.runV0!, this.folder)];
    const { catalogue, store } = this.repository;
    const seenAt = catalogue?.now() ?? 0;
    const state = this.#known && folderState(store, runsFolder(this.folder));
    const known = state && this.#known?.runs(state);
    if (known) return this.#made(known);
    const { runs, isWhole } = await this.#readRuns();
    // A definition that is still to come, or to be mended, does not change the folder of runs.
    if (state && catalogue && isWhole && !this.#isOdd) {
      this.#known = catalogue.keepRuns(this.#known!, state, seenAt, runs);
      // What is kept as text takes less memory.
      const kept = this.#known.runs(state);
      if (kept) return this.#made(kept);
    }
    return runs.map(({ definition, name }) => new Run(this, definition, runFolder(this.folder, name)));
  }

  async #readRuns(): Promise<{ runs: ListedRun[]; isWhole: boolean }> {
    const runs: ListedRun[] = [];
    let isWhole = true;
    for (const name of await this.#runFolders()) {
      const folder = runFolder(this.folder, name);
      const path = definitionFile(folder);
      try {
        const text = new TextDecoder().decode(await this.repository.store.read(path));
        runs.push({ definition: parseRun(text, { path, id: name }), name, text });
      } catch (error) {
        isWhole = false;
        if (error instanceof NotFoundError) {
          // A run that is just being made, or that died before it was, has an empty folder; that is nothing.
          if (await holdsFiles(this.repository, folder)) this.repository.report(incompleteOf(folder, "run"));
          continue;
        }
        this.repository.report(problem("bad-definition", { path, message: messageOf(error) }));
      }
    }
    runs.sort(({ definition: a }, { definition: b }) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    return { runs, isWhole };
  }

  /**
   * How its newest run that has a life log is doing, or else its newest one; undefined where it has no run. The
   * definition of a single run that is not cached is not read.
   */
  async latestStatus(now: number): Promise<RunStatus | undefined> {
    if (this.version === 0 || this.#known !== undefined) return await this.#statusOfNewest(now);
    const names = await this.#runFolders();
    const single = names.length === 1 &&
      new Run(this, { id: "", createdAt: NaN, extra: {} }, runFolder(this.folder, names[0]));
    const status = single && await single.status(now);
    // For a run that was not recorded, the definition says when it started.
    return status && status.status !== "unknown" ? status : await this.#statusOfNewest(now);
  }

  async #statusOfNewest(now: number): Promise<RunStatus | undefined> {
    let newest: RunStatus | undefined;
    for (const run of (await this.runs()).toReversed()) {
      const status = await run.status(now);
      if (hasLife(status)) return status;
      newest ??= status;
    }
    return newest;
  }

  /** Has the catalogue remember the names of the logs of one of its runs. */
  keepLogs(run: string, state: FolderState, seenAt: number, names: readonly string[]): void {
    if (this.#known) this.repository.catalogue?.keepLogs(this.#known, run, state, seenAt, names);
  }

  /** The same of how one of its runs ended. */
  keepEnding(run: string, status: RunStatus): void {
    if (this.#known) this.repository.catalogue?.keepEnding(this.#known, run, status);
  }

  /** The same of one that is closed; see `ClosedLogs`. */
  keepClosed(run: string, bytes: number | undefined): void {
    if (this.#known) this.repository.catalogue?.keepClosed(this.#known, run, bytes);
  }

  async #runFolders(): Promise<string[]> {
    const names: string[] = [];
    const { entries, isPlain } = await this.repository.listing(runsFolder(this.folder));
    this.#isOdd ||= !isPlain;
    for (const entry of entries) {
      if (entry.kind === "folder" && isIdV0(entry.name)) names.push(entry.name);
    }
    return names;
  }

  /** Tags, notes and whether it was deleted, from every copy. */
  async notes(): Promise<Notes> {
    if (!this.mayHaveNotes) return NO_NOTES;
    return await readNotes(await this.noteLogs());
  }

  /** The logs of notes, one for each copy that made some. */
  async noteLogs(): Promise<LogReader[]> {
    const folder = notesFolder(this.folder);
    const logs: LogReader[] = [];
    for (const entry of await this.repository.entries(folder)) {
      const name = entry.name.endsWith(LOG_SUFFIX) ? logNameOf(entry.name) : undefined;
      if (entry.kind === "file" && name !== undefined) logs.push(new LogReader(this.repository.store, folder, name));
    }
    return logs;
  }
}
