import { isObject } from "../base/json.ts";
import type { ExperimentDefinition } from "../format/definition.ts";
import { derivedFolder } from "../fs/derived_folder.ts";
import type { Catalogue, Listed, ListedRun } from "../repo/catalogue.ts";
import type { RunStatus } from "../repo/status.ts";

/** The version of the file; another one is not read. */
const VERSION = 1;

const FILE = "catalogue.json";

/**
 * A folder that changed so few milliseconds ago may change again without its time telling: times have a grain, two
 * seconds on the coarsest file systems.
 */
const GRAIN = 2000;

/** What the file holds of one experiment; the times are those of the folders when they were read. */
interface Line {
  at: number;
  listed: Listed;
  ended?: { at: number; status: RunStatus };
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

  readonly #runs = new Map<string, { at: number; runs: readonly ListedRun[] }>();
  readonly #logs = new Map<string, { at: number; names: readonly string[] }>();

  /** `folder`: the absolute path of `.dbx/index`; without one, nothing is kept but in memory. */
  constructor(readonly folder?: string) {
    this.#old = folder === undefined ? new Map() : load(folder);
  }

  experiment(folder: string, changedAt: number): Listed | undefined {
    const line = this.#seen.get(folder) ?? this.#old.get(folder);
    if (line?.at !== changedAt) return undefined;
    this.#seen.set(folder, line);
    return line.listed;
  }

  definition(folder: string): ExperimentDefinition | undefined {
    const line = this.#seen.get(folder) ?? this.#old.get(folder);
    if (line === undefined || line.listed.runV0 !== undefined) return undefined;
    this.#seen.set(folder, line);
    return line.listed.definition;
  }

  keepExperiment(folder: string, changedAt: number, listed: Listed): void {
    if (Date.now() - changedAt < GRAIN) return;
    this.#seen.set(folder, { at: changedAt, listed });
    this.#changed = true;
  }

  ending(folder: string, changedAt: number): RunStatus | undefined {
    const ended = this.#seen.get(folder)?.ended;
    return ended?.at === changedAt ? ended.status : undefined;
  }

  keepEnding(folder: string, changedAt: number, status: RunStatus): void {
    const line = this.#seen.get(folder);
    if (line === undefined || Date.now() - changedAt < GRAIN) return;
    line.ended = { at: changedAt, status };
    this.#changed = true;
  }

  runs(folder: string, changedAt: number): readonly ListedRun[] | undefined {
    const known = this.#runs.get(folder);
    return known?.at === changedAt ? known.runs : undefined;
  }

  keepRuns(folder: string, changedAt: number, runs: readonly ListedRun[]): void {
    if (Date.now() - changedAt >= GRAIN) this.#runs.set(folder, { at: changedAt, runs });
  }

  logs(folder: string, changedAt: number): readonly string[] | undefined {
    const known = this.#logs.get(folder);
    return known?.at === changedAt ? known.names : undefined;
  }

  keepLogs(folder: string, changedAt: number, names: readonly string[]): void {
    if (Date.now() - changedAt >= GRAIN) this.#logs.set(folder, { at: changedAt, names });
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
