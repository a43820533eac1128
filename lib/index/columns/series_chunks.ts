import type { Pack } from "../pack/pack.ts";

/** The points of a series in one part of its log. */
export interface Chunk {
  readonly pack: Pack;
  /** Rows of the directory. */
  readonly group: number;
  readonly series: number;
}

/** A sum with what rounding took from it. Of an infinite sum that is nothing. */
export function totalOf(sum: number, error: number): number {
  return Number.isFinite(error) ? sum + error : sum;
}
