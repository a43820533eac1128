import { logFile, runFolder } from "../../../format/layout/names.ts";
import { RunCell } from "../catalogue/segment/layout.ts";
import type { Segment } from "../catalogue/segment/segment.ts";
import type { ClosedPlaces } from "../closed_places.ts";
import { NOT_HELD } from "./growing_logs.ts";

/** The closed runs of a file of the catalogue of which the index has all logs as they were when the run was closed. */
export class HeldRuns {
  readonly #isHeld: Uint8Array;
  /** By the numbers that the file gives logs: their numbers in the index, or `NOT_HELD`. */
  readonly #numbers: Int32Array;

  /** Throws `DamagedFile`. */
  constructor(readonly segment: Segment, readonly places: ClosedPlaces) {
    const { runs } = segment.head;
    this.#isHeld = new Uint8Array(runs);
    this.#numbers = new Int32Array(segment.firstLogs[runs]).fill(NOT_HELD);
    for (let run = 0; run < runs; run++) if (this.#find(run)) this.#isHeld[run] = 1;
  }

  #find(run: number): boolean {
    const { segment, places } = this;
    let left = segment.runCell(run, RunCell.Closed);
    const list = segment.runCell(run, RunCell.Logs);
    if (left < 0 || list < 0) return false;
    const names = segment.namesAt(list);
    const first = segment.firstLogs[run];
    for (let at = 0; at < names.length; at++) {
      if (names[at] === "stdout") continue;
      const number = places.known(segment.numbering, first + at) ??
        places.find(segment.numbering, first + at, () => this.#pathOf(run, names[at]));
      if (number === undefined) return false;
      left -= places.held.sizeOf(number);
      this.#numbers[first + at] = number;
    }
    return left === 0;
  }

  #pathOf(run: number, name: string): string {
    const { segment } = this;
    return logFile(runFolder(segment.folderAt(segment.ownerOf(run)), segment.runIdAt(run)), name);
  }

  /** Whether some runs, from one row to before another, are all of these. */
  has(from: number, to: number): boolean {
    for (let run = from; run < to; run++) if (this.#isHeld[run] === 0) return false;
    return true;
  }

  /** The number of a log in the index, by that which the file gives it; `NOT_HELD` for what a run printed. */
  numberOf(log: number): number {
    return this.#numbers[log];
  }
}
