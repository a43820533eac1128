import { lastSegment } from "../../base/paths.ts";
import { definitionFile, logFile, logNameOf } from "../../format/layout/names.ts";
import { parseRun, type RunDefinition } from "../../format/definitions/definition.ts";
import type { ClosedLogs, KnownRun, RunBrief } from "../cache/listing_cache.ts";
import type { ExperimentContext } from "./context.ts";
import { folderState } from "../cache/folder_state.ts";
import { LogReader } from "../logs/log_reader.ts";
import { OutputReader } from "../logs/output_reader.ts";
import { readStatus, type RunStatus } from "../logs/run_status.ts";

/** One execution of an experiment. `Of`: as what its experiment is known. */
export class Run<Of extends ExperimentContext = ExperimentContext> {
  #definition: RunDefinition | undefined;
  readonly #known: KnownRun | undefined;
  #shortly: RunBrief | undefined;

  constructor(
    readonly experiment: Of,
    of: RunDefinition | KnownRun,
    /** Relative to the repository. */
    readonly folder: string,
  ) {
    if ("brief" in of && typeof of.definition === "function") {
      this.#known = of;
    } else this.#shortly = this.#definition = of as RunDefinition;
  }

  get definition(): RunDefinition {
    return this.#definition ??= this.#known?.definition() ?? this.#readAgain();
  }

  /** What the catalogue did not keep. */
  #readAgain(): RunDefinition {
    const path = definitionFile(this.folder);
    const text = new TextDecoder().decode(this.experiment.repository.store.readNow!(path));
    return parseRun(text, { path, id: this.id });
  }

  get #brief(): RunBrief {
    return this.#shortly ??= this.#known!.brief;
  }

  get id(): string {
    return this.#known?.name ?? this.#brief.id;
  }

  /** Milliseconds since the Unix epoch; NaN where v0 does not say. */
  get createdAt(): number {
    return this.#brief.createdAt;
  }

  /** Whether nothing has come or gone in its folder since an earlier listing, as `logs` saw it. */
  isAsListed = false;
  /** Whether its folder was listed just now: that it is still as it was then says nothing of earlier listings. */
  #isListedNow = false;

  /** The names of its logs as the catalogue knows them, if its folder is still in that state; undefined: `logs` has to look. */
  knownLogs(): readonly string[] | undefined {
    if (this.#known === undefined) return undefined;
    const seen = this.#known.seenLogs?.();
    if (seen !== undefined) {
      this.isAsListed = true;
      return seen;
    }
    const state = folderState(this.experiment.repository.store, this.folder);
    const known = state && this.#known.logs(state);
    this.isAsListed = known !== undefined && !this.#isListedNow;
    return known;
  }

  /** The names of its logs, in order; the default one is `log`. */
  async logs(): Promise<string[]> {
    const { experiment: { repository }, folder } = this;
    const seenAt = repository.catalogue?.now() ?? 0;
    const state = repository.catalogue && folderState(repository.store, folder);
    const known = state && this.#known?.logs(state);
    this.isAsListed = known !== undefined && !this.#isListedNow;
    if (known) return [...known];
    this.#isListedNow = true;
    const names: string[] = [];
    const { entries, isPlain } = await repository.listing(folder);
    for (const entry of entries) {
      const name = logNameOf(entry.name);
      if (entry.kind === "file" && name !== undefined) names.push(name);
    }
    names.sort();
    if (state && isPlain) this.experiment.keepLogs(this.#name, state, seenAt, names);
    return names;
  }

  /** Its logs, if it is known to be closed: they need not be looked at then. */
  closedLogs(): ClosedLogs | undefined {
    return this.#known?.closedLogs();
  }

  /** Has the catalogue remember that it is closed; undefined: that it is not. */
  keepClosed(bytes: number | undefined): void {
    this.experiment.keepClosed(this.#name, bytes);
  }

  /** What another thread has seen of one of these, by its place among the names. `modifiedAt`: as of `LogFile`. */
  seenLog(at: number): { readonly size: number; readonly modifiedAt: number } | undefined {
    return this.#known?.seenLog?.(at);
  }

  get #name(): string {
    return lastSegment(this.folder);
  }

  /** The file of one of its logs, relative to the repository. */
  logPath(name: string): string {
    return logFile(this.folder, name);
  }

  /** Reads one of its logs; the file need not exist yet. `stdout` is all that the run printed: see {@linkcode OutputReader}. */
  log(name = "log"): LogReader {
    const { repository, version } = this.experiment;
    return name === "stdout" && version === 1
      ? new OutputReader(repository.store, this.folder, name, version)
      : this.#ownLog(name);
  }

  /** Reads what stands in the file of a log. */
  #ownLog(name: string): LogReader {
    return new LogReader(this.experiment.repository.store, this.folder, name, this.experiment.version);
  }

  /** How it ended, if the catalogue knows. */
  knownEnding(): RunStatus | undefined {
    return this.#known?.ending();
  }

  /** Its status at a time in milliseconds. */
  async status(now: number = Date.now()): Promise<RunStatus> {
    const ending = this.#known?.ending();
    if (ending !== undefined) return ending;
    const others = async () => (await this.logs()).filter((name) => name !== "dbx").map((name) => this.#ownLog(name));
    const status = await readStatus(this.log("dbx"), others, now);
    if (status.endedAt !== undefined) this.experiment.keepEnding(this.#name, status);
    return status.status === "unknown"
      ? { ...status, startedAt: status.startedAt ?? (this.createdAt || undefined) }
      : status;
  }
}
