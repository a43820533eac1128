import type { ArrivalTimes } from "../../index/arrivals.ts";
import type { LogPlace } from "../../index/state/index_state.ts";
import type { KnownLogs, PartRef } from "../../index/state/indexed_logs.ts";
import { type LogFile, timeOf } from "../../index/state/listed_log.ts";
import type { LogRow, RunRow } from "./rows/row_types.ts";

const NO_PARTS: readonly PartRef[] = [];

/**
 * A log of a listing. Of one that is as the index holds it nothing more is made than this, until it is asked for. What it says
 * stays the same, whatever the index learns later.
 */
export class ListedLog implements LogRow {
  times: ArrivalTimes | undefined;
  #among: KnownLogs | undefined;
  #number = 0;
  #file: LogFile | undefined;

  /**
   * `found`: its file, or what the index holds of it, which is all that there is of it; undefined: it has not been
   * looked at yet.
   */
  constructor(readonly run: RunRow, readonly name: string, found?: LogFile | KnownLogs, number?: number) {
    if (number === undefined) this.#file = found as LogFile | undefined;
    else [this.#among, this.#number] = [found as KnownLogs, number];
  }

  /** Whether it is known what the index holds of it. */
  get isPlaced(): boolean {
    return this.#among !== undefined;
  }

  /** Whether its file has been looked at, or need not be. */
  get isSeen(): boolean {
    return this.#file !== undefined || this.isPlaced;
  }

  get points(): boolean {
    return this.name !== "stdout";
  }

  get file(): LogFile {
    return this.#file ??= {
      path: this.run.run.logPath(this.name),
      version: this.run.run.experiment.version,
      ...this.#among?.seen(this.#number) ?? this.#look(),
      points: this.points,
    };
  }

  #look(): Pick<LogFile, "size" | "modifiedAt"> {
    const { run } = this.run;
    const { catalogue, store } = run.experiment.repository;
    const now = catalogue?.now() ?? Date.now();
    const look = store.look?.(run.logPath(this.name));
    return { size: look?.size ?? 0, modifiedAt: timeOf(look, now) };
  }

  get parts(): readonly PartRef[] | undefined {
    return this.#among === undefined ? NO_PARTS : this.#among.parts(this.#number);
  }

  /** Takes what the index holds of it now. */
  place({ among, number }: LogPlace): void {
    void this.file; // As it was listed.
    [this.#among, this.#number] = [among, number];
  }
}
