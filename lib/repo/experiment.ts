import { messageOf, NotFoundError } from "../base/errors.ts";
import type { JsonObject } from "../base/json.ts";
import { type ExperimentDefinition, parseRun, type RunDefinition } from "../format/definition.ts";
import { LOG_SUFFIX, logNameOf } from "../format/names.ts";
import { folderState } from "./folder_state.ts";
import { LogReader } from "./log_reader.ts";
import type { ListedRun } from "./catalogue.ts";
import { type Notes, readNotes } from "./notes.ts";
import { holdsFiles, incompleteOf } from "./incomplete.ts";
import type { Repository } from "./repository.ts";
import { Run } from "./run.ts";
import type { RunStatus } from "./status.ts";

/** A definition that never changes, and its runs. */
export class Experiment {
  /** A link among the runs is met, and said, each time. */
  #hasLinks = false;

  constructor(
    readonly repository: Repository,
    readonly definition: ExperimentDefinition,
    /** Relative to the repository. */
    readonly folder: string,
    /** The one run of an experiment of version 0, which stands in the same file; undefined in version 1. */
    readonly runV0?: RunDefinition,
    /** False where the listing showed no notes: they need not be looked for then. */
    readonly mayHaveNotes = true,
  ) {}

  get id(): string {
    return this.definition.id;
  }
  get kind(): string {
    return this.definition.kind;
  }
  get name(): string {
    return this.definition.name;
  }
  get params(): JsonObject {
    return this.definition.params;
  }
  /** Milliseconds since the Unix epoch; NaN where version 0 does not say. */
  get createdAt(): number {
    return this.definition.createdAt;
  }
  /** Custom keys of the definition. */
  get extra(): JsonObject {
    return this.definition.extra;
  }
  /** The version of the format that it is kept in. */
  get version(): 0 | 1 {
    return this.runV0 === undefined ? 1 : 0;
  }

  /** Its runs, oldest first. A damaged one is left out and named in `repository.problems`. */
  async runs(): Promise<Run[]> {
    if (this.runV0 !== undefined) return [new Run(this, this.runV0, this.folder)];
    const { catalogue, store } = this.repository;
    const state = catalogue && folderState(await store.stat(`${this.folder}/runs`));
    const known = state && catalogue?.runs(this.folder, state);
    if (known) return known.map(({ definition, folder }) => new Run(this, definition, folder));
    const { runs, isWhole } = await this.#readRuns();
    // A definition that is still to come, or to be mended, does not change the folder of runs.
    if (state && isWhole && !this.#hasLinks) catalogue?.keepRuns(this.folder, state, runs);
    return runs.map(({ definition, folder }) => new Run(this, definition, folder));
  }

  async #readRuns(): Promise<{ runs: ListedRun[]; isWhole: boolean }> {
    const runs: ListedRun[] = [];
    let isWhole = true;
    for (const folder of await this.#runFolders()) {
      const path = `${folder}/meta.json`;
      try {
        const text = new TextDecoder().decode(await this.repository.store.read(path));
        runs.push({ definition: parseRun(text, { path }), folder });
      } catch (error) {
        isWhole = false;
        if (error instanceof NotFoundError) {
          // A run that is just being made, or that died before it was, has an empty folder; that is nothing.
          if (await holdsFiles(this.repository, folder)) this.repository.report(incompleteOf(folder, "run"));
          continue;
        }
        this.repository.report({ path, kind: "bad-definition", message: messageOf(error), severity: "damage" });
      }
    }
    runs.sort(({ definition: a }, { definition: b }) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    return { runs, isWhole };
  }

  /** How its latest run is doing; undefined where it has none. Of a single run the definition is not read. */
  async latestStatus(now: number): Promise<RunStatus | undefined> {
    if (this.runV0 !== undefined) return await (await this.runs()).at(-1)?.status(now);
    const { catalogue, store } = this.repository;
    const state = catalogue && folderState(await store.stat(`${this.folder}/runs`));
    const ending = state && catalogue?.ending(this.folder, state);
    if (ending) return ending;
    const folders = await this.#runFolders();
    const single = folders.length === 1 && new Run(this, { id: "", createdAt: NaN, extra: {} }, folders[0]);
    const status = await (single || (await this.runs()).at(-1))?.status(now);
    if (state && status?.endedAt !== undefined && !this.#hasLinks) catalogue?.keepEnding(this.folder, state, status);
    return status;
  }

  async #runFolders(): Promise<string[]> {
    const folders: string[] = [];
    for (const entry of await this.repository.entries(`${this.folder}/runs`)) {
      this.#hasLinks ||= entry.isLink === true;
      if (entry.kind === "folder" && !entry.name.startsWith(".")) folders.push(`${this.folder}/runs/${entry.name}`);
    }
    return folders;
  }

  /** Tags, notes and whether it was deleted, from every copy. */
  async notes(): Promise<Notes> {
    if (!this.mayHaveNotes) return { tags: [], notes: [], deleted: false };
    return await readNotes(await this.noteLogs());
  }

  /** The logs of notes, one for each copy that made some. */
  async noteLogs(): Promise<LogReader[]> {
    const folder = `${this.folder}/notes`;
    const logs: LogReader[] = [];
    for (const entry of await this.repository.entries(folder)) {
      const name = entry.name.endsWith(LOG_SUFFIX) ? logNameOf(entry.name) : undefined;
      if (entry.kind === "file" && name !== undefined) logs.push(new LogReader(this.repository.store, folder, name));
    }
    return logs;
  }
}
