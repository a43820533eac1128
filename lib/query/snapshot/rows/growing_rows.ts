import { GrowingExperiments } from "./growing_experiments.ts";
import { GrowingLogs } from "./growing_logs.ts";
import { GrowingRuns } from "./growing_runs.ts";

/** What listings have come to, of one repository after the other. */
export class GrowingRows {
  readonly experiments: GrowingExperiments;
  readonly runs: GrowingRuns;
  readonly logs: GrowingLogs;

  /** `countsRuns`: whether runs are listed. */
  constructor(countsRuns: boolean) {
    this.experiments = new GrowingExperiments(countsRuns);
    this.runs = new GrowingRuns(this.experiments);
    this.logs = new GrowingLogs(this.runs);
  }
}
