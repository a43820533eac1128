import { runsFolder } from "../../../format/layout/names.ts";
import type { KnownRows } from "../../../repo/cache/listing_cache.ts";
import { type FolderState, folderState } from "../../../repo/cache/folder_state.ts";
import type { Store } from "../../../store/store.ts";
import type { Looked } from "./ahead/looked.ts";
import { Cell, Flag } from "./segment/layout.ts";
import type { Segment } from "./segment/segment.ts";
import { SegmentExperiment } from "./segment_rows.ts";

/** The experiments of a file of the catalogue that stand in one folder. Nothing is made for one until it is asked for. */
export class FolderRows implements KnownRows {
  /** `rows`: of the file. `ahead`: what a thread has seen for this listing. */
  constructor(readonly segment: Segment, readonly rows: Int32Array, readonly ahead?: Looked) {}

  get length(): number {
    return this.rows.length;
  }

  idAt(number: number): string {
    return this.segment.idAt(this.rows[number]);
  }

  among(ids: ReadonlySet<string>): FolderRows {
    return new FolderRows(this.segment, this.rows.filter((row) => ids.has(this.segment.idAt(row))), this.ahead);
  }

  all(): SegmentExperiment[] {
    return Array.from(this.rows, (_, number) => this.at(number));
  }

  at(number: number): SegmentExperiment {
    const row = this.rows[number];
    return new SegmentExperiment(this.segment, row, this.segment.folderAt(row), this.ahead);
  }

  /** Whether the folder of an experiment is in the state in which it was listed. */
  isStill(number: number, store: Store): boolean {
    const { segment, ahead } = this;
    const row = this.rows[number];
    return ahead?.isStill(row) || this.#isAt(Cell.State, row, folderState(store, segment.folderAt(row)));
  }

  /** The same of the folder of its runs. */
  hasStillRuns(number: number, store: Store): boolean {
    const { segment, ahead } = this;
    const row = this.rows[number];
    if (!segment.has(row, Flag.Runs)) return false;
    return ahead?.hasRuns(row) ||
      this.#isAt(Cell.RunsState, row, folderState(store, runsFolder(segment.folderAt(row))));
  }

  #isAt(from: Cell, row: number, state: FolderState | undefined): boolean {
    return state !== undefined && this.segment.isAt(row, from, state);
  }
}
