import type { JsonObject } from "../../../base/json.ts";
import { Int32Builder } from "../../../index/encoding/int32_builder.ts";
import { parentOf } from "../../../base/paths.ts";
import type { ExperimentRow, Source } from "./row_types.ts";
import { Experiment } from "../../../repo/experiments/experiment.ts";
import { NO_NOTES } from "../../../repo/logs/notes.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import { Cell } from "../catalogue/segment/layout.ts";
import type { Segment } from "../catalogue/segment/segment.ts";
import { SegmentExperiment } from "../catalogue/segment_rows.ts";
import { type KnownBlock, KnownBlocks } from "./known_blocks.ts";
import { ExperimentRows } from "./rows.ts";

/** Stands for the row of a file of a catalogue where there is none. */
const NONE = -1;

/** The experiments that a listing has come to. */
export class GrowingExperiments extends ExperimentRows {
  readonly #made: (ExperimentRow | undefined)[] = [];
  /** The row of each one in the file of its block. */
  readonly #rows = new Int32Builder();
  readonly #blocks = new KnownBlocks();
  readonly #statuses: (RunStatus | undefined)[] = [];
  readonly #params: (JsonObject | undefined)[] = [];

  /** `countsRuns`: whether runs are listed, so that each row says how many. */
  constructor(readonly countsRuns: boolean) {
    super();
  }

  get length(): number {
    return this.#made.length;
  }

  /** Adds one; its number. */
  add(row: ExperimentRow): number {
    this.#rows.push(NONE);
    this.#statuses.push(undefined);
    this.#params.push(undefined);
    return this.#made.push(row) - 1;
  }

  /** Adds one that is as a file of a catalogue knows it, and has no notes; its number. */
  addKnown(block: KnownBlock, row: number, status: RunStatus | undefined): number {
    this.#blocks.begin(block, this.length);
    this.#rows.push(row);
    this.#statuses.push(status);
    this.#params.push(undefined);
    return this.#made.push(undefined) - 1;
  }

  at(number: number): ExperimentRow {
    return this.#made[number] ??= this.#make(number);
  }

  #make(number: number): ExperimentRow {
    const { source, segment } = this.#blocks.of(number);
    const row = this.#rows.at(number);
    const folder = segment.folderAt(row);
    const known = new SegmentExperiment(segment, row, folder);
    return {
      source,
      experiment: new Experiment(source.repository, known, folder, true),
      notes: NO_NOTES,
      runs: this.countsRuns ? segment.cell(row, Cell.RunsTo) - segment.cell(row, Cell.RunsFrom) : 0,
      status: this.#statuses[number],
    };
  }

  idOf(number: number): string {
    const row = this.#rows.at(number);
    return row === NONE ? this.#made[number]!.experiment.id : this.#blocks.of(number).segment.idAt(row);
  }

  createdAt(number: number): number {
    const row = this.#rows.at(number);
    if (row === NONE) return this.#made[number]!.experiment.createdAt;
    return this.#blocks.of(number).segment.cell(row, Cell.Created);
  }

  standTogether(): boolean {
    let source: Source | undefined;
    let folder: string | undefined;
    // Of the rows of one file, those of one folder have one number for it.
    let [segment, parent] = [undefined as Segment | undefined, NONE];
    for (let number = 0; number < this.length; number++) {
      const row = this.#rows.at(number);
      const block = row === NONE ? undefined : this.#blocks.of(number);
      if (block !== undefined && block.segment === segment && segment.isIn(row, parent)) continue;
      const own = block?.source ?? this.#made[number]!.source;
      const above = block?.segment.parentAt(row) ?? parentOf(this.#made[number]!.experiment.folder);
      source ??= own;
      folder ??= above;
      if (own !== source || above !== folder) return false;
      if (block !== undefined) [segment, parent] = [block.segment, block.segment.cell(row, Cell.Parent)];
    }
    return true;
  }

  params(number: number): JsonObject {
    return this.#params[number] ??= this.#made[number]?.experiment.params ?? this.#readParams(number);
  }

  #readParams(number: number): JsonObject {
    const { segment } = this.#blocks.of(number);
    const row = this.#rows.at(number);
    return new SegmentExperiment(segment, row, segment.folderAt(row)).params() ?? this.at(number).experiment.params;
  }
}
