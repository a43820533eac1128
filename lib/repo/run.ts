import { logNameOf } from "../format/names.ts";
import type { RunDefinition } from "../format/definition.ts";
import type { Experiment } from "./experiment.ts";
import { folderState } from "./folder_state.ts";
import { LogReader } from "./log_reader.ts";
import { readStatus, type RunStatus } from "./status.ts";

/** One execution of an experiment. */
export class Run {
  constructor(
    readonly experiment: Experiment,
    readonly definition: RunDefinition,
    /** Relative to the repository. */
    readonly folder: string,
  ) {}

  get id(): string {
    return this.definition.id;
  }

  /** Milliseconds since the Unix epoch; NaN where version 0 does not say. */
  get createdAt(): number {
    return this.definition.createdAt;
  }

  /** The names of its logs, in order; the default one is `log`. */
  async logs(): Promise<string[]> {
    const { catalogue, store } = this.experiment.repository;
    const state = catalogue && folderState(await store.stat(this.folder));
    const known = state && catalogue?.logs(this.folder, state);
    if (known) return [...known];
    const names: string[] = [];
    let anyLink = false;
    for (const entry of await this.experiment.repository.entries(this.folder)) {
      anyLink ||= entry.isLink === true;
      const name = logNameOf(entry.name);
      if (entry.kind === "file" && name !== undefined) names.push(name);
    }
    names.sort();
    // A link is met, and said, each time.
    if (state && !anyLink) catalogue?.keepLogs(this.folder, state, names);
    return names;
  }

  /** Reads one of its logs; the file need not exist yet. */
  log(name = "log"): LogReader {
    return new LogReader(this.experiment.repository.store, this.folder, name, this.experiment.version);
  }

  /** How it is doing at a time in milliseconds. */
  async status(now: number = Date.now()): Promise<RunStatus> {
    const others = async () => (await this.logs()).filter((name) => name !== "dbx").map((name) => this.log(name));
    const status = await readStatus(this.log("dbx"), others, now);
    return status.status === "unknown"
      ? { ...status, startedAt: status.startedAt ?? (this.createdAt || undefined) }
      : status;
  }
}
