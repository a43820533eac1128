import type { Segment } from "../segment/segment.ts";

/** What a thread has seen, for a listing, of the experiments of a file of the catalogue, by their rows. */
export interface Looked {
  /** Whether the folder of an experiment is in the state that the file describes. False: unknown. */
  isStill(row: number): boolean;
  /** The same of the folder of its runs, and its own. */
  hasRuns(row: number): boolean;
  /** The same of the folder of a run of an experiment of which `hasRuns` was said. */
  isRunStill(run: number): boolean;
  /** What was seen of a log of such a run, by its place among the names. */
  log(run: number, at: number): { readonly size: number; readonly modifiedAt: number } | undefined;
}

/** What a thread has seen, or is looking at, of the files of a catalogue. */
export interface Ahead extends Disposable {
  /** Of one of them; undefined: nothing. */
  of(segment: Segment): Looked | undefined;
}
