import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import type { Identity } from "../../fs/folders/root_folder.ts";

/** A log as a listing shows it. */
export interface LogFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly version: 0 | 1;
  /** Bytes. */
  readonly size: number;
  /** A number that changes with each of the file's times, see {@linkcode timeOf}; 0 where the store keeps none. */
  readonly modifiedAt: number;
  /** False where its numbers are not series: what a run printed. */
  readonly points: boolean;
  /** Which file it is, where the listing looked at it on a disk, and no folder above it was a link. */
  readonly seen?: Identity;
}

/**
 * One number that differs when either time of a file does: the one can be set, the other has a coarse grain. It is below
 * zero where the file changed so lately that it may change again without its times telling: whatever the index holds of
 * it has to be compared again.
 *
 * @param now When the file was looked at, or earlier: milliseconds since the Unix epoch.
 */
export function timeOf(
  times: { readonly modifiedAt?: number; readonly changedAt?: number } | undefined,
  now: number,
): number {
  const { modifiedAt = 0, changedAt = 0 } = times ?? {};
  const time = modifiedAt + changedAt;
  return now - Math.max(modifiedAt, changedAt) < TIMESTAMP_GRANULARITY_MS ? -time : time;
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
