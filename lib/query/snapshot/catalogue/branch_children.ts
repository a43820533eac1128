import type { KnownExperiment } from "../../../repo/cache/listing_cache.ts";
import type { Ahead } from "./ahead/looked.ts";
import { FolderRows } from "./folder_rows.ts";
import { numberOf } from "./segment/layout.ts";
import { countOf } from "./names.ts";
import type { ExperimentRecord } from "./record.ts";
import type { Segment } from "./segment/segment.ts";
import { experimentAt, pathOf, type SegmentList } from "./segment_list.ts";

/** The experiments that are known in a folder: in memory, and in the files of a catalogue, of which the last one is the large one. */
export class BranchChildren {
  /** `fresh`: what is in memory, by ids; undefined: it is gone. */
  constructor(
    readonly segments: SegmentList,
    readonly folder: string,
    readonly fresh?: ReadonlyMap<string, ExperimentRecord | undefined>,
  ) {}

  /** How many they are, and the sum of their ids. */
  count(): { count: number; sum: number } {
    const segments = this.segments.all;
    const last = segments.at(-1);
    if (last === undefined) return countOf(this.all());
    return this.segments.guarded(last, () => {
      // What the last file says of itself counts, but for what later ones say.
      const at = last.head.strings.indexOf(this.folder);
      let [, count, sum] = last.head.sums.find(([parent]) => parent === at) ?? [at, 0, 0];
      for (const [id, known] of this.#later(segments.slice(0, -1))) {
        const row = last.rowOf(this.folder, id);
        const [before, after] = [row >= 0 && !last.isGone(row), known !== undefined];
        count += Number(after) - Number(before);
        sum += (Number(after) - Number(before)) * numberOf(id);
      }
      return { count, sum };
    }) ?? this.count();
  }

  /** What is known in memory and some files, by ids; undefined: it is gone. */
  #later(segments: readonly Segment[], ahead?: Ahead): Map<string, KnownExperiment | undefined> {
    const known = new Map<string, KnownExperiment | undefined>(this.fresh);
    for (const segment of segments) {
      this.segments.guarded(segment, () => {
        const parent = segment.head.strings.indexOf(this.folder);
        for (let row = 0; parent >= 0 && row < segment.count; row++) {
          const id = segment.isIn(row, parent) ? segment.idAt(row) : undefined;
          if (id !== undefined && !known.has(id)) {
            known.set(id, experimentAt(segment, row, pathOf(this.folder, id), ahead?.of(segment)));
          }
        }
      });
    }
    return known;
  }

  all(): KnownExperiment[] {
    const children = this.asRows();
    // Where a file is damaged, it is forgotten by now.
    if (children === undefined) return this.all();
    const { rows, experiments } = children;
    return rows === undefined ? experiments : experiments.concat(rows.all());
  }

  /** The same, those of the last file as rows; undefined where that is damaged. */
  asRows(ahead?: Ahead): { experiments: KnownExperiment[]; rows?: FolderRows } | undefined {
    const segments = this.segments.all;
    const later = this.#later(segments.slice(0, -1), ahead);
    const experiments = [...later.values()].filter((known) => known !== undefined);
    const last = segments.at(-1);
    if (last === undefined) return { experiments };
    const rows = this.segments.guarded(last, () => {
      last.load();
      const rows = new Int32Array(last.count);
      let count = 0;
      const parent = last.head.strings.indexOf(this.folder);
      const replaced = new Set(Array.from(later.keys(), (id) => last.rowOf(this.folder, id)));
      for (let row = 0; parent >= 0 && row < rows.length; row++) {
        if (last.isIn(row, parent) && !last.isGone(row) && !replaced.has(row)) rows[count++] = row;
      }
      return new FolderRows(last, rows.subarray(0, count), ahead?.of(last));
    });
    return rows && { experiments, rows };
  }
}
