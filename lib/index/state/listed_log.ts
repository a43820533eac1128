import type { Identity } from "../../fs/folders/root_folder.ts";

/** A log as a listing shows it. */
export interface LogFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly version: 0 | 1;
  /** Bytes. */
  readonly size: number;
  /** A number that changes with each of the file's times; 0 where the store keeps none. */
  readonly modifiedAt: number;
  /** False where its numbers are not series: what a run printed. */
  readonly points: boolean;
  /** Which file it is, where the listing looked at it on a disk, and no folder above it was a link. */
  readonly seen?: Identity;
}

/** One number that differs when either time of a file does: the one can be set, the other has a coarse grain. */
export function timeOf(times: { readonly modifiedAt?: number; readonly changedAt?: number } | undefined): number {
  return (times?.modifiedAt ?? 0) + (times?.changedAt ?? 0);
}

/** Where to go on with a log. */
export interface Start {
  /** Bytes and lines that are known already. */
  readonly from: number;
  readonly lines: number;
  /** The checksum of the last of these bytes. */
  readonly tail: number;
  /** How many points a series has among them. */
  base(pattern: string, path: string): number;
}

/** The start of a log of which nothing is known. */
export const FROM_THE_START: Start = { from: 0, lines: 0, tail: 0, base: () => 0 };
