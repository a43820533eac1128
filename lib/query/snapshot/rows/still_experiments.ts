import type { Source } from "./row_types.ts";
import type { KnownRows } from "../../../repo/cache/listing_cache.ts";
import { hasLife, type RunStatus } from "../../../repo/logs/run_status.ts";
import { FolderRows } from "../catalogue/folder_rows.ts";
import { Cell, Flag, RunCell } from "../catalogue/segment/layout.ts";
import { DamagedFile } from "../catalogue/segment/region_file.ts";
import type { Segment } from "../catalogue/segment/segment.ts";
import type { ClosedPlaces } from "../closed_places.ts";
import type { SnapshotNeeds } from "../needs.ts";
import type { GrowingRows } from "./growing_rows.ts";
import { HeldRuns } from "./held_runs.ts";
import type { KnownBlock } from "./known_blocks.ts";

/**
 * Takes experiments that are as a file of the catalogue knows them: their folders and those of their runs have not changed, they
 * have no notes, all that is asked of their runs is known, and the index has the logs of each run as that was closed. Nothing is
 * made for them. All others have to be listed.
 */
export class StillExperiments {
  #block: KnownBlock | undefined;
  /** How the runs of the experiment at hand ended. */
  readonly #statuses: (RunStatus | undefined)[] = [];
  #heldOf: Segment | undefined;
  #held: HeldRuns | undefined;

  constructor(
    readonly source: Source,
    readonly needs: SnapshotNeeds,
    readonly into: GrowingRows,
    readonly places: ClosedPlaces,
  ) {}

  take(rows: KnownRows, number: number): boolean {
    if (!(rows instanceof FolderRows)) return false;
    try {
      return this.#take(rows, number);
    } catch (error) {
      if (error instanceof DamagedFile) return false;
      throw error;
    }
  }

  #take(rows: FolderRows, number: number): boolean {
    const { needs, into, source: { repository: { store } } } = this;
    const { segment } = rows;
    const row = rows.rows[number];
    if (segment.has(row, Flag.MayHaveNotes | Flag.Version0)) return false;
    const hasStatuses = needs.runStatus || needs.status;
    const lists = needs.runs || needs.logs;
    const [from, to] = [segment.cell(row, Cell.RunsFrom), segment.cell(row, Cell.RunsTo)];
    if (hasStatuses && !this.#readStatuses(segment, from, to)) return false;
    const held = needs.logs ? this.#heldIn(segment) : undefined;
    if (needs.logs && !held?.has(from, to)) return false;
    if (!rows.isStill(number, store) || (lists || hasStatuses) && !rows.hasStillRuns(number, store)) return false;
    const block = this.#blockOf(segment);
    const statuses = this.#statuses;
    const status = needs.status ? statuses.findLast((status) => hasLife(status!)) ?? statuses.at(-1) : undefined;
    into.experiments.addKnown(block, row, status);
    if (!lists) return true;
    const { firstLogs } = segment;
    for (let run = from; run < to; run++) {
      into.runs.addKnown(block, run, needs.runStatus ? statuses[run - from] : undefined);
      if (held === undefined) continue;
      for (let log = firstLogs[run]; log < firstLogs[run + 1]; log++) into.logs.addKnown(block, held.numberOf(log));
    }
    return true;
  }

  /** Whether it is known of each run how it ended. */
  #readStatuses(segment: Segment, from: number, to: number): boolean {
    this.#statuses.length = 0;
    for (let run = from; run < to; run++) {
      const length = segment.runCell(run, RunCell.EndingLength);
      if (length === 0) return false;
      this.#statuses.push(JSON.parse(segment.text(segment.runCell(run, RunCell.EndingAt), length)));
    }
    return true;
  }

  #heldIn(segment: Segment): HeldRuns | undefined {
    if (this.#heldOf !== segment) {
      [this.#heldOf, this.#held] = [segment, undefined];
      // Of a damaged file, nothing is.
      this.#held = new HeldRuns(segment, this.places);
    }
    return this.#held;
  }

  #blockOf(segment: Segment): KnownBlock {
    if (this.#block?.segment !== segment) {
      this.#block = { source: this.source, segment, held: this.needs.logs ? this.places.held : undefined };
    }
    return this.#block;
  }
}
