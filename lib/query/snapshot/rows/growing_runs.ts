import { runFolder } from "../../../format/layout/names.ts";
import { Int32Builder } from "../../../index/encoding/int32_builder.ts";
import type { RunRow } from "./row_types.ts";
import { Run } from "../../../repo/experiments/run.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import { SegmentRun } from "../catalogue/segment_rows.ts";
import type { GrowingExperiments } from "./growing_experiments.ts";
import { type KnownBlock, KnownBlocks } from "./known_blocks.ts";
import { RunRows } from "./rows.ts";

/** Stands for the row of a file of a catalogue where there is none. */
const NONE = -1;

/** The runs that a listing has come to: each belongs to the experiment that was added last. */
export class GrowingRuns extends RunRows {
  readonly #made: (RunRow | undefined)[] = [];
  /** The row of each one in the file of its block. */
  readonly #rows = new Int32Builder();
  readonly #owners = new Int32Builder();
  readonly #blocks = new KnownBlocks();
  readonly #statuses: (RunStatus | undefined)[] = [];

  constructor(readonly experiments: GrowingExperiments) {
    super();
  }

  get length(): number {
    return this.#made.length;
  }

  get owners(): Int32Array {
    return this.#owners.filled;
  }

  add(row: RunRow): void {
    this.#push(NONE, row, undefined);
  }

  /** Adds one that is as a file of a catalogue knows it. */
  addKnown(block: KnownBlock, row: number, status: RunStatus | undefined): void {
    this.#blocks.begin(block, this.length);
    this.#push(row, undefined, status);
  }

  #push(row: number, made: RunRow | undefined, status: RunStatus | undefined): void {
    this.#owners.push(this.experiments.length - 1);
    this.#rows.push(row);
    this.#statuses.push(status);
    this.#made.push(made);
  }

  at(number: number): RunRow {
    return this.#made[number] ??= this.#make(number);
  }

  #make(number: number): RunRow {
    const { segment } = this.#blocks.of(number);
    const row = this.#rows.at(number);
    const id = segment.runIdAt(row);
    const exp = this.experiments.at(this.#owners.at(number));
    const { folder } = exp.experiment;
    const known = new SegmentRun(segment, row, id, folder);
    return { exp, run: new Run(exp.experiment, known, runFolder(folder, id)), status: this.#statuses[number] };
  }

  idOf(number: number): string {
    const row = this.#rows.at(number);
    return row === NONE ? this.#made[number]!.run.id : this.#blocks.of(number).segment.runIdAt(row);
  }

  statusOf(number: number): RunStatus | undefined {
    return this.#rows.at(number) === NONE ? this.#made[number]!.status : this.#statuses[number];
  }

  /** The row of a run in the file of its block, which it is known of. */
  rowOf(number: number): number {
    return this.#rows.at(number);
  }
}
