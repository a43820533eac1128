import type { Experiment } from "../../../repo/experiments/experiment.ts";
import type { Notes } from "../../../repo/logs/notes.ts";
import type { Repository } from "../../../repo/repository.ts";
import type { Run } from "../../../repo/experiments/run.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import type { ArrivalTimes } from "../../../index/arrivals.ts";
import type { LogIndex, PartRef } from "../../../index/log_index.ts";
import type { LogFile } from "../../../index/state/listed_log.ts";

/** A repository, the columns of its logs, and what it is called in answers. */
export interface Source {
  readonly repository: Repository;
  readonly index: LogIndex;
  readonly name: string;
}

/** An experiment as it is listed. */
export interface ExperimentRow {
  readonly source: Source;
  readonly experiment: Experiment;
  readonly notes: Notes;
  readonly runs: number;
  /** Of its newest run that has a life log, where that was asked for. */
  readonly status?: RunStatus;
}

/** A run as it is listed. */
export interface RunRow {
  readonly exp: ExperimentRow;
  readonly run: Run;
  /** Where that was asked for. */
  readonly status?: RunStatus;
}

/** A log as it is listed. */
export interface LogRow {
  readonly run: RunRow;
  readonly name: string;
  /** False where its numbers are not series: what a run printed. */
  readonly points: boolean;
  readonly file: LogFile;
  /** What the index has of it; undefined where it has too many series, empty where nothing was asked for. */
  readonly parts: readonly PartRef[] | undefined;
  /** When its lines arrived, where some have no time of their own, that was asked for, and a program watched. */
  readonly times?: ArrivalTimes;
}
