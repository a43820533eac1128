import type { Region } from "./region_file.ts";

/**
 * A file of the catalogue: what was learnt of some experiments and of the folders that hold them. It never changes.
 *
 * Regions: the ids of the experiments in order, 13 bytes each; those of their runs; a row of doubles for each experiment and
 * for each run; texts. Then the head as JSON, its length and its checksum (4 bytes each), and `MAGIC`.
 */
export const MAGIC = new TextEncoder().encode("dbxcat05");

/** Bytes behind the head. */
export const TRAILER = 16;

/** What a file says of itself. */
export interface Head {
  readonly experiments: number;
  readonly runs: number;
  /** How many experiments there are of which the runs are not known. */
  readonly withoutRuns: number;
  readonly strings: readonly string[];
  readonly branches: readonly BranchLine[];
  /** For each branch of which experiments are here, by its string: how many, and the sum of their ids. */
  readonly sums: readonly (readonly [parent: number, count: number, sum: number])[];
  readonly regions: Readonly<Record<RegionName, Region>>;
}

export type RegionName = "ids" | "runIds" | "rows" | "runRows" | "texts";

/** What stood in a folder that holds experiments. The experiments are those of all files together: their count and sum prove it. */
export interface BranchLine {
  readonly folder: string;
  readonly state: readonly [device: number, inode: number, modifiedAt: number, changedAt: number];
  readonly others: readonly string[];
  readonly count: number;
  readonly sum: number;
}

/** Where what stands in the row of an experiment. */
export const enum Cell {
  /** The folder above, a string. */
  Parent,
  Flags,
  /** Four cells, as in all states. */
  State,
  Created = 6,
  /** Strings. */
  Kind,
  Name,
  /** Where its text starts, and the bytes of that; none where it is not kept. */
  TextAt,
  TextLength,
  RunsState,
  /** Its runs: from one row to before another. */
  RunsFrom = 15,
  RunsTo,
  Width,
}

/** Where what stands in the row of a run. */
export const enum RunCell {
  State,
  Created = 4,
  /** The names of its logs as JSON, a string; -1 where they are not known. */
  Logs,
  TextAt,
  TextLength,
  /** How it ended, as JSON; no bytes where it did not. */
  EndingAt,
  EndingLength,
  /** Of a closed run: the bytes of its logs, see `KnownRun`; -1 where it is not known to be one. */
  Closed,
  Width,
}

export const enum Flag {
  Version0 = 1,
  MayHaveNotes = 2,
  /** It is not there any more. */
  Gone = 4,
  /** Its runs are known. */
  Runs = 8,
}

/** A number for an id, so that the sum of those of a folder shows whether all are there. */
export function numberOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
