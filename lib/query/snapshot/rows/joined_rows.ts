import type { JsonObject } from "../../../base/json.ts";
import { parentOf } from "../../../base/paths.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import type { ExperimentRow, RunRow } from "./row_types.ts";
import { ExperimentRows, RunRows } from "./rows.ts";

/** The experiments of two snapshots, which have none in common. */
export class JoinedExperiments extends ExperimentRows {
  readonly length: number;
  readonly #count: number;

  constructor(readonly first: ExperimentRows, readonly second: ExperimentRows) {
    super();
    this.#count = first.length;
    this.length = first.length + second.length;
  }

  at(number: number): ExperimentRow {
    return number < this.#count ? this.first.at(number) : this.second.at(number - this.#count);
  }

  idOf(number: number): string {
    return number < this.#count ? this.first.idOf(number) : this.second.idOf(number - this.#count);
  }

  createdAt(number: number): number {
    return number < this.#count ? this.first.createdAt(number) : this.second.createdAt(number - this.#count);
  }

  params(number: number): JsonObject {
    return number < this.#count ? this.first.params(number) : this.second.params(number - this.#count);
  }

  override numberOf(id: string): number | undefined {
    const later = this.second.numberOf(id);
    return later === undefined ? this.first.numberOf(id) : this.#count + later;
  }

  standTogether(): boolean {
    if (this.#count === 0) return this.second.standTogether();
    if (!this.first.standTogether()) return false;
    const { source, experiment } = this.at(0);
    const folder = parentOf(experiment.folder);
    return this.second.every((row) => row.source === source && parentOf(row.experiment.folder) === folder);
  }
}

/** The runs of two snapshots, which have no experiment in common. */
export class JoinedRuns extends RunRows {
  readonly length: number;
  readonly owners: Int32Array;
  readonly #count: number;

  /** `experiments`: how many the first ones belong to. */
  constructor(readonly first: RunRows, readonly second: RunRows, experiments: number) {
    super();
    this.#count = first.length;
    this.length = first.length + second.length;
    this.owners = new Int32Array(this.length);
    this.owners.set(first.owners);
    this.owners.set(second.owners.map((owner) => owner + experiments), this.#count);
  }

  at(number: number): RunRow {
    return number < this.#count ? this.first.at(number) : this.second.at(number - this.#count);
  }

  idOf(number: number): string {
    return number < this.#count ? this.first.idOf(number) : this.second.idOf(number - this.#count);
  }

  statusOf(number: number): RunStatus | undefined {
    return number < this.#count ? this.first.statusOf(number) : this.second.statusOf(number - this.#count);
  }
}
