import { isObject } from "../../base/json.ts";
import type { ExperimentDefinition } from "../../format/definition.ts";
import { derivedFolder } from "../../fs/derived_folder.ts";
import type { Catalogue, Listed, ListedRun } from "../../repo/catalogue.ts";
import type { FolderState } from "../../repo/folder_state.ts";
import type { RunStatus } from "../../repo/status.ts";

/** The version of the file; another one is not read. */
const VERSION = 2;

const FILE = "catalogue.json";

/**
 * A folder that changed so few milliseconds ago may change again without its time telling: times have a grain, two
 * seconds on the coarsest file systems.
 */
const GRAIN = 2000;

/** What the file holds of one experiment; the keys are those of the states in which the folders were read. */
interface Line {
  key: string;
  listed: Listed;
  ended?: { key: string; status: RunStatus };
}

/**
 * A catalogue kept in memory, and experiments and endings also as one file under `.dbx/index` of a repository. It is
 * derived: a file that is missing, damaged or of another version is an empty catalogue. Needs read permission on it;
 * `save` also write permission on its folder.
 */
export class FileCatalogue implements Catalogue {
  readonly #old: ReadonlyMap<string, Line>;
  readonly #seen = new Map<string, Line>();
  #changed = false;

  readonly #runs = new Map<string, { key: string; runs: readonly ListedRun[] }>();
  readonly #logs = new Map<string, { key: string; names: readonly string[] }>();

  readonly #now: () => number;

  /** `folder`: the absolute path of `.dbx/index`; without one, nothing is kept but in memory. `now`: the clock. */
  constructor(readonly folder?: string, options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? Date.now;
    this.#old = folder === undefined ? new Map() : load(folder);
  }

  experiment(folder: string, state: FolderState): Listed | undefined {
    const line = this.#seen.get(folder) ?? this.#old.get(folder);
    if (line?.key !== state.key) return undefined;
    this.#seen.set(folder, line);
    return line.listed;
  }

  definition(folder: string): ExperimentDefinition | undefined {
    const line = this.#seen.get(folder) ?? this.#old.get(folder);
    if (line === undefined || line.listed.runV0 !== undefined) return undefined;
    this.#seen.set(folder, line);
    return line.listed.definition;
  }

  keepExperiment(folder: string, state: FolderState, listed: Listed): void {
    if (this.#now() - state.at < GRAIN) return;
    this.#seen.set(folder, { key: state.key, listed });
    this.#changed = true;
  }

  ending(folder: string, state: FolderState): RunStatus | undefined {
    const ended = this.#seen.get(folder)?.ended;
    return ended?.key === state.key ? ended.status : undefined;
  }

  keepEnding(folder: string, state: FolderState, status: RunStatus): void {
    const line = this.#seen.get(folder);
    if (line === undefined || this.#now() - state.at < GRAIN) return;
    line.ended = { key: state.key, status };
    this.#changed = true;
  }

  runs(folder: string, state: FolderState): readonly ListedRun[] | undefined {
    const known = this.#runs.get(folder);
    return known?.key === state.key ? known.runs : undefined;
  }

  keepRuns(folder: string, state: FolderState, runs: readonly ListedRun[]): void {
    if (this.#now() - state.at >= GRAIN) this.#runs.set(folder, { key: state.key, runs });
  }

  logs(folder: string, state: FolderState): readonly string[] | undefined {
    const known = this.#logs.get(folder);
    return known?.key === state.key ? known.names : undefined;
  }

  keepLogs(folder: string, state: FolderState, names: readonly string[]): void {
    if (this.#now() - state.at >= GRAIN) this.#logs.set(folder, { key: state.key, names });
  }

  /** Keeps what a whole listing met, and nothing else. Where that cannot be written, the next listing reads again. */
  save(): void {
    if (this.folder === undefined) return;
    if (!this.#changed && this.#seen.size === this.#old.size) return;
    try {
      derivedFolder(this.folder).replace(FILE, JSON.stringify({ version: VERSION, experiments: [...this.#seen] }));
    } catch {
      // The next listing reads again.
    }
  }
}

function load(folder: string): Map<string, Line> {
  const lines = new Map<string, Line>();
  try {
    const json: unknown = JSON.parse(derivedFolder(folder).readText(FILE));
    if (!isObject(json) || json.version !== VERSION || !Array.isArray(json.experiments)) return lines;
    for (const [folder, line] of json.experiments as [string, Line][]) {
      const { definition, runV0, mayHaveNotes } = line.listed;
      lines.set(folder, {
        ...line,
        listed: { definition: withTime(definition), runV0: runV0 && withTime(runV0), mayHaveNotes },
      });
    }
    return lines;
  } catch {
    return new Map();
  }
}

/** JSON has no NaN: the time of a definition that does not say one. */
function withTime<T extends { createdAt: number }>(definition: T): T {
  return definition.createdAt === null ? { ...definition, createdAt: NaN } : definition;
}
