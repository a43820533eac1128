import type { KnownRun } from "../../../repo/cache/listing_cache.ts";
import { Cell, Flag, RunCell } from "./segment/layout.ts";
import type { ExperimentRecord } from "./record.ts";
import type { Segment } from "./segment/segment.ts";
import { SegmentExperiment } from "./segment_rows.ts";

/** The experiments that are not settled (FORMAT.md), as far as a catalogue knows. */
export interface Unsettled {
  /** Their folders. */
  readonly folders: ReadonlySet<string>;
  /** Whether some run has not ended: its status depends on the time. */
  readonly goOn: boolean;
  /** The files that describe the others. */
  readonly files: readonly SettledIn[];
}

/** A file that describes settled experiments. */
export interface SettledIn {
  readonly segment: Segment;
  /** Folders of experiments of which it is not the last word. */
  readonly besides: ReadonlySet<string>;
}

/**
 * Finds those that are not settled. What is in no file yet is taken to be so.
 *
 * @param segments Newest first. @param most Undefined is returned for more than so many. Throws `DamagedFile`.
 */
export function unsettledOf(
  segments: readonly Segment[],
  fresh: Iterable<ExperimentRecord>,
  most: number,
): Unsettled | undefined {
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
  let besides: ReadonlySet<string> = new Set(folders);
  const files: SettledIn[] = [];
  for (const segment of segments) {
    files.push({ segment, besides });
    const isLast = segment === segments.at(-1);
    const own = new Set(besides);
    for (let row = 0; row < segment.count; row++) {
      // The last file is the large one.
      const folder = isLast && besides.size === 0 ? "" : segment.folderAt(row);
      if (!isLast) own.add(folder);
      if (segment.isGone(row) || isSettledRow(segment, row) || besides.has(folder)) continue;
      const unsettled = segment.folderAt(row);
      add(unsettled, new SegmentExperiment(segment, row, unsettled).lastRuns());
      if (folders.size > most) return undefined;
    }
    besides = own;
  }
  return { folders, goOn, files };
}

/** Whether all runs of a v1 experiment are closed. */
export function isSettledRow(segment: Segment, row: number): boolean {
  const flags = segment.cell(row, Cell.Flags);
  if ((flags & Flag.Runs) === 0 || (flags & (Flag.Version0 | Flag.Gone)) !== 0) return false;
  const to = segment.cell(row, Cell.RunsTo);
  for (let run = segment.cell(row, Cell.RunsFrom); run < to; run++) {
    if (segment.runCell(run, RunCell.Closed) < 0) return false;
  }
  return true;
}
