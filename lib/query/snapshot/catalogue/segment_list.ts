import type { KnownExperiment } from "../../../repo/cache/listing_cache.ts";
import type { Looked } from "./ahead/looked.ts";
import type { BranchLine } from "./segment/layout.ts";
import { DamagedFile } from "./segment/region_file.ts";
import type { Segment } from "./segment/segment.ts";
import type { Entry, SegmentBlock } from "./segment/block.ts";
import { SegmentFiles } from "./segment/files.ts";
import { SegmentExperiment } from "./segment_rows.ts";

/** The files of a catalogue as one process knows them. One that turns out to be damaged, or gone, is forgotten. */
export class SegmentList {
  readonly #files: SegmentFiles | undefined;
  #all: readonly Segment[] | undefined;

  /** `folder`: an absolute path; without one there are none. `onChange`: called when one was forgotten. */
  constructor(folder: string | undefined, readonly onChange: () => void) {
    this.#files = folder === undefined ? undefined : new SegmentFiles(folder);
  }

  /** Newest first; read when they are first needed. */
  get all(): readonly Segment[] {
    return this.#all ??= this.#files?.load() ?? [];
  }

  /** Reads of a file; undefined where it is damaged. */
  guarded<T>(segment: Segment, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      // Where another process merged it, there is another file now.
      this.#files?.discard(segment);
      this.#all = undefined;
      this.onChange();
      return undefined;
    }
  }

  /** What the newest file says of a folder that holds experiments. */
  line(folder: string): BranchLine | undefined {
    for (const { head } of this.all) {
      const line = head.branches.find((branch) => branch.folder === folder);
      if (line !== undefined) return line;
    }
  }

  /** What the newest file says of an experiment in a folder. */
  experiment(parent: string, id: string): KnownExperiment | undefined {
    for (const segment of this.all) {
      const row = this.guarded(segment, () => segment.rowOf(parent, id)) ?? -1;
      if (row >= 0) return this.guarded(segment, () => experimentAt(segment, row, pathOf(parent, id)));
    }
  }

  /** Forgets everything where something was purged since it was read; whether that is so. */
  renew(): boolean {
    if (this.#files?.renew() !== true) return false;
    this.#all = undefined;
    this.onChange();
    return true;
  }

  /** Writes a file; whether that could be done. */
  write(entries: Entry[], branches: readonly BranchLine[]): boolean {
    return this.#add((files) => files.write(entries, branches));
  }

  /** The same of rows that are made already. */
  writeBlocks(blocks: readonly SegmentBlock[]): boolean {
    return this.#add((files) => files.writeBlocks(blocks));
  }

  #add(write: (files: SegmentFiles) => Segment): boolean {
    if (this.#files === undefined) return false;
    try {
      this.#all = [write(this.#files), ...this.all];
    } catch {
      return false; // A full disk, for one.
    }
    try {
      this.#all = this.#files.merged(this.#all);
    } catch {
      // A file that was damaged, or that another process merged meanwhile.
    }
    return true;
  }

  /** Has the files read again that other processes wrote. */
  refresh(): void {
    this.#all = undefined;
    this.onChange();
  }

  /** Forgets everything, on the disk too. */
  drop(): void {
    this.#all = [];
    this.#files?.drop();
  }
}

/** The experiment in a row of a file; undefined where it is gone. */
export function experimentAt(
  segment: Segment,
  row: number,
  folder: string,
  ahead?: Looked,
): SegmentExperiment | undefined {
  return segment.isGone(row) ? undefined : new SegmentExperiment(segment, row, folder, ahead);
}

/** The folder of an experiment. */
export function pathOf(parent: string, id: string): string {
  return parent === "" ? id : `${parent}/${id}`;
}
