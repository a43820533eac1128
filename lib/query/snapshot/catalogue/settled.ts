import type { KnownRun } from "../../../repo/catalogue.ts";
import { Cell, Flag, RunCell } from "./layout.ts";
import type { ExperimentRecord } from "./record.ts";
import type { Segment } from "./segment.ts";
import { SegmentExperiment } from "./segment_rows.ts";

/** The experiments that are not settled (FORMAT.md), as far as a catalogue knows. */
export interface Unsettled {
  /** Their folders. */
  readonly folders: ReadonlySet<string>;
  /** Whether some run has not ended: how it is doing depends on the time. */
  readonly goOn: boolean;
  /** The others are in this file. */
  readonly file: Segment;
}

/**
 * Finds those that are not settled: of what is not in the last file, which is the large one, that is taken to be so.
 *
 * @param most Undefined is returned for more than so many, and where there is no file. Throws `DamagedFile`.
 */
export function unsettledOf(
  segments: readonly Segment[],
  fresh: Iterable<ExperimentRecord>,
  most: number,
): Unsettled | undefined {
  const file = segments.at(-1);
  if (file === undefined) return undefined;
  const folders = new Set<string>();
  let goOn = false;
  const add = (folder: string, runs: readonly KnownRun[] | undefined): void => {
    folders.add(folder);
    goOn ||= runs === undefined || runs.some((run) => run.ending() === undefined);
  };
  for (const record of fresh) {
    add(record.folder, record.runsState && record.runRecords);
    if (folders.size > most) return undefined;
  }
  for (const segment of segments) {
    for (let row = 0; row < segment.count; row++) {
      if (segment.isGone(row) || (segment === file && isSettledRow(segment, row))) continue;
      const folder = segment.folderAt(row);
      if (!folders.has(folder)) add(folder, new SegmentExperiment(segment, row, folder).lastRuns());
      if (folders.size > most) return undefined;
    }
  }
  return { folders, goOn, file };
}

/** Whether all runs of an experiment of version 1 are closed. */
export function isSettledRow(segment: Segment, row: number): boolean {
  const flags = segment.cell(row, Cell.Flags);
  if ((flags & Flag.Runs) === 0 || (flags & (Flag.Version0 | Flag.Gone)) !== 0) return false;
  const to = segment.cell(row, Cell.RunsTo);
  for (let run = segment.cell(row, Cell.RunsFrom); run < to; run++) {
    if (segment.runCell(run, RunCell.Closed) < 0) return false;
  }
  return true;
}
