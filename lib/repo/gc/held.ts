/** Some files, and their bytes. */
export interface HeldFiles {
  readonly count: number;
  readonly bytes: number;
}

/** What would go if it were older, or if no run went on. */
export interface Held {
  /** Experiments that have not been deleted for long enough. */
  readonly experiments: number;
  /** Objects that were put a moment ago: the line that refers to them may be on its way. */
  readonly young: HeldFiles;
  /** Objects that were put within the last hour, while runs go on: one of these may be about to refer to them. */
  readonly running: HeldFiles;
  /** Objects that nothing ever referred to, as far as is known, and that are not old enough. */
  readonly unreferred: HeldFiles;
  /** The runs that may still be writing, as `<experiment>/<run>`. */
  readonly runs: readonly string[];
}

/** Counts what is held back. */
export class HeldBack implements Held {
  experiments = 0;
  readonly young = { count: 0, bytes: 0 };
  readonly running = { count: 0, bytes: 0 };
  readonly unreferred = { count: 0, bytes: 0 };
  readonly runs: string[] = [];

  /** Adds an object that is held back for a reason. */
  add(why: "young" | "running" | "unreferred", bytes: number): void {
    this[why].count++;
    this[why].bytes += bytes;
  }
}
