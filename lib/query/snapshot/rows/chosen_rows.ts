import type { JsonObject } from "../../../base/json.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import type { ExperimentRow, RunRow } from "./row_types.ts";
import { ExperimentRows, RunRows } from "./rows.ts";

/** Some of the experiments of a snapshot. */
export class ChosenExperiments extends ExperimentRows {
  readonly #numbers: Int32Array;

  /** `numbers`: of those that are chosen, ascending. */
  constructor(readonly of: ExperimentRows, numbers: Int32Array) {
    super();
    this.#numbers = numbers;
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(number: number): ExperimentRow {
    return this.of.at(this.#numbers[number]);
  }

  idOf(number: number): string {
    return this.of.idOf(this.#numbers[number]);
  }

  createdAt(number: number): number {
    return this.of.createdAt(this.#numbers[number]);
  }

  params(number: number): JsonObject {
    return this.of.params(this.#numbers[number]);
  }

  standTogether(): boolean {
    return this.of.standTogether();
  }
}

/** The runs of some of the experiments of a snapshot. */
export class ChosenRuns extends RunRows {
  readonly owners: Int32Array;
  readonly #numbers: Int32Array;

  /** `numbers`: of those that are chosen, ascending. `owners`: their experiments, by numbers among the chosen ones. */
  constructor(readonly of: RunRows, numbers: Int32Array, owners: Int32Array) {
    super();
    this.#numbers = numbers;
    this.owners = owners;
  }

  get length(): number {
    return this.#numbers.length;
  }

  at(number: number): RunRow {
    return this.of.at(this.#numbers[number]);
  }

  idOf(number: number): string {
    return this.of.idOf(this.#numbers[number]);
  }

  statusOf(number: number): RunStatus | undefined {
    return this.of.statusOf(this.#numbers[number]);
  }
}
