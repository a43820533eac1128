import { definitionFile, runFolder } from "../../../format/layout/names.ts";
import { lastSegment } from "../../../base/paths.ts";
import { parseRun, type RunDefinition } from "../../../format/definitions/definition.ts";
import type { ExperimentDefinition } from "../../../format/definitions/definition.ts";
import { parseListed } from "../../../repo/cache/parse_definition.ts";
import type {
  Brief,
  ClosedLogs,
  KnownExperiment,
  KnownRun,
  ListedRun,
  ListingEntry,
  RunBrief,
} from "../../../repo/cache/listing_cache.ts";
import { type FolderState, isSameState } from "../../../repo/cache/folder_state.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";

/** What is known of a run, in memory. */
export class RunRecord implements KnownRun {
  state: FolderState | undefined;
  names: readonly string[] | undefined;
  status: RunStatus | undefined;
  closed: number | undefined;
  #definition: RunDefinition | undefined;

  constructor(
    readonly path: string,
    readonly name: string,
    readonly brief: RunBrief,
    /** Undefined where it was not kept. */
    readonly text: string | undefined,
  ) {}

  definition(): RunDefinition | undefined {
    if (this.text === undefined) return undefined;
    return this.#definition ??= parseRun(this.text, { path: this.path, id: this.name });
  }

  logs(state: FolderState): readonly string[] | undefined {
    return this.state !== undefined && isSameState(this.state, state) ? this.names : undefined;
  }

  ending(): RunStatus | undefined {
    return this.status;
  }

  closedLogs(): ClosedLogs | undefined {
    const { names, closed } = this;
    return names === undefined || closed === undefined ? undefined : { names, bytes: closed };
  }
}

/** What is known of an experiment, in memory. */
export class ExperimentRecord implements KnownExperiment {
  /** In which its folder of runs was; undefined where its runs are not known. */
  runsState: FolderState | undefined;
  runRecords: RunRecord[] = [];
  #parsed: { readonly definition: ExperimentDefinition; readonly runV0?: RunDefinition } | undefined;

  constructor(
    readonly folder: string,
    readonly state: FolderState,
    readonly brief: Brief,
    readonly version: 0 | 1,
    readonly mayHaveNotes: boolean,
    /** Undefined where it was not kept. */
    readonly text: string | undefined,
  ) {}

  static of(
    folder: string,
    state: FolderState,
    { definition, runV0, mayHaveNotes, text }: ListingEntry,
  ): ExperimentRecord {
    const { id, kind, name, createdAt } = definition;
    const version = runV0 === undefined ? 1 : 0;
    return new ExperimentRecord(folder, state, { id, kind, name, createdAt }, version, mayHaveNotes, text);
  }

  get id(): string {
    return this.brief.id;
  }

  definition(): ExperimentDefinition | undefined {
    return this.#read()?.definition;
  }

  runV0(): RunDefinition | undefined {
    return this.version === 0 ? this.#read()?.runV0 : undefined;
  }

  #read() {
    if (this.text === undefined) return undefined;
    return this.#parsed ??= definitionOf(this.text, this.folder, this.version);
  }

  isAt(state: FolderState): boolean {
    return isSameState(this.state, state);
  }

  runs(state: FolderState): readonly KnownRun[] | undefined {
    return this.runsState !== undefined && isSameState(this.runsState, state) ? this.runRecords : undefined;
  }

  takeRuns(state: FolderState, runs: readonly ListedRun[]): void {
    const before = new Map(this.runRecords.map((run) => [run.name, run]));
    this.runsState = state;
    this.runRecords = runs.map(({ definition: { id, createdAt }, name, text }) => {
      const run = new RunRecord(definitionFile(runFolder(this.folder, name)), name, { id, createdAt }, text);
      // How one ended is read again: another one may have its name.
      const known = before.get(name);
      if (known !== undefined) [run.state, run.names] = [known.state, known.names];
      return run;
    });
  }
}

/** What the text of an experiment's `meta.json` says. */
export function definitionOf(text: string, folder: string, version: 0 | 1) {
  const path = definitionFile(folder);
  return parseListed(text, { path, id: lastSegment(folder), isV0: version === 0 });
}
