import { isIdV0 } from "../../../base/ids.ts";
import type {
  KnownBranch,
  KnownExperiment,
  ListedRun,
  ListingCache,
  ListingEntry,
  LooksAhead,
} from "../../../repo/cache/listing_cache.ts";
import { type FolderState, isSameState, isSettled } from "../../../repo/cache/folder_state.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import { Prefetcher } from "./ahead/look_ahead.ts";
import type { Ahead } from "./ahead/looked.ts";
import { BranchChildren } from "./branch_children.ts";
import type { BranchLine } from "./segment/layout.ts";
import { countOf, idOf, split, stateOf } from "./names.ts";
import { ExperimentRecord } from "./record.ts";
import { DamagedFile } from "./segment/region_file.ts";
import type { Entry, SegmentBlock } from "./segment/block.ts";
import { pathOf, SegmentList } from "./segment_list.ts";
import { SegmentExperiment } from "./segment_rows.ts";
import { type Unsettled, unsettledOf } from "./settled.ts";
import type { SettledFiles } from "./settled_files.ts";

/** The folder of the catalogue in that of the index. */
const FOLDER = "catalogue";

/**
 * A catalogue in memory, and also in files under `.dbx/index` of a repository. It is derived: what is missing, damaged
 * or of another version is as if it had never been known. Needs read permission on the folder; `save` also write
 * permission.
 *
 * What stands in a folder is known by its state, and by the count and the sum of the ids of the experiments that are
 * known in it: if a file that described some of them is lost, the folder is listed again.
 */
export class FileCatalogue implements ListingCache {
  readonly #segments: SegmentList;
  /** What is not in the files yet, by the folder above and the id; undefined: it is gone. */
  readonly #fresh = new Map<string, Map<string, ExperimentRecord | undefined>>();
  readonly #freshBranches = new Map<string, BranchLine>();
  /** What counting found, until experiments come or go. */
  readonly #counts = new Map<string, { readonly count: number; readonly sum: number }>();

  /**
   * If the caller wants to know: the folders of experiments of which something is learnt; `""`: of a folder that holds
   * some.
   */
  lessons: Set<string> | undefined;

  /** What need not be looked at for the next listings. */
  settled: SettledFiles | undefined;

  /** What other threads have begun to look at before the listing that needs it. */
  #begun: (LooksAhead & { readonly ahead: Ahead }) | undefined;

  readonly now: () => number;
  readonly #worthAhead: number | undefined;

  /** `folder`: the absolute path of `.dbx/index`; without one, nothing is kept but in memory. `now`: the clock. `worthAhead`: from so many
   * folders and logs on, other threads look at those that a listing comes to later. */
  constructor(
    readonly folder?: string,
    options: { readonly now?: () => number; readonly worthAhead?: number } = {},
  ) {
    this.now = options.now ?? Date.now;
    this.#worthAhead = options.worthAhead;
    this.#segments = new SegmentList(folder && `${folder}/${FOLDER}`, () => this.#counts.clear());
  }

  branch(folder: string, state: FolderState, looks?: LooksAhead): KnownBranch | undefined {
    const files = this.#segments.all;
    const others = this.othersIn(folder, state);
    if (others === undefined) return undefined;
    const ahead = looks && (this.#settledIn(folder, state, looks) ?? this.#lookAhead(looks));
    const known = this.#in(folder).asRows(ahead);
    if (known !== undefined && this.#segments.all === files) {
      const { rows, experiments } = known;
      const own = looks?.asRows || rows === undefined ? experiments : experiments.concat(rows.all());
      return { experiments: own, rows: looks?.asRows ? rows : undefined, others, ahead };
    }
    // A file turned out to be damaged just now, and is forgotten.
    ahead?.[Symbol.dispose]();
    return undefined;
  }

  rowsIn(folder: string, looks: LooksAhead): Omit<KnownBranch, "others"> | undefined {
    const ahead = this.#lookAhead(looks);
    const known = this.#in(folder).asRows(ahead);
    if (known === undefined) ahead?.[Symbol.dispose]();
    return known && { ...known, ahead };
  }

  /** What is known to be settled and need not be looked at. */
  #settledIn(folder: string, state: FolderState, { depth }: LooksAhead): Ahead | undefined {
    return depth !== "all" && this.settled?.tellsOf(folder, state) ? this.settled : undefined;
  }

  /** Has other threads begin to look at what the next listing comes to, while the caller does other things before it. */
  begin(looks: LooksAhead): Disposable | undefined {
    const ahead = this.settled === undefined ? this.#lookAhead(looks) : undefined;
    this.#begun = ahead && { ...looks, ahead };
    return ahead;
  }

  /** Has other threads look at the experiments of the last file, which is the large one. */
  #lookAhead({ root, depth }: LooksAhead): Ahead | undefined {
    const last = this.#segments.all.at(-1);
    const begun = this.#begun;
    this.#begun = undefined;
    if (last && begun?.root === root && begun.depth === depth && begun.ahead.of(last)) return begun.ahead;
    return last && this.#segments.guarded(last, () => Prefetcher.begin(last, root, depth, this.#worthAhead));
  }

  othersIn(folder: string, state: FolderState): readonly string[] | undefined {
    const line = this.#line(folder);
    if (line === undefined || !isSameState(stateOf(line), state)) return undefined;
    let counted = this.#counts.get(folder);
    // Counting, it may forget files that are damaged.
    if (counted === undefined) this.#counts.set(folder, counted = this.#in(folder).count());
    const { count, sum } = counted;
    return count === line.count && sum === line.sum ? line.others : undefined;
  }

  keepBranch(...[folder, state, seenAt, { experiments, others }]: Parameters<ListingCache["keepBranch"]>): void {
    this.lessons?.add("");
    const { count, sum } = countOf(experiments);
    const known = this.#in(folder).count();
    if (known.count !== count || known.sum !== sum) {
      const ids = new Set(experiments.map(({ folder }) => idOf(folder)));
      for (const { folder: other } of this.#in(folder).all()) {
        if (!ids.has(idOf(other))) this.#freshIn(folder).set(idOf(other), undefined);
      }
    }
    this.#counts.clear();
    if (!isSettled(state, seenAt)) return;
    const { device, inode, modifiedAt, changedAt } = state;
    const line = { folder, state: [device, inode, modifiedAt, changedAt], others, count, sum } as const;
    if (JSON.stringify(line) !== JSON.stringify(this.#line(folder))) this.#freshBranches.set(folder, line);
  }

  experimentsIn(folder: string): ReadonlyMap<string, KnownExperiment> {
    return new Map(this.#in(folder).all().map((known) => [idOf(known.folder), known]));
  }

  experiment(folder: string): KnownExperiment | undefined {
    const [parent, id] = split(folder);
    const own = this.#fresh.get(parent);
    if (own?.has(id)) return own.get(id);
    return this.#segments.experiment(parent, id);
  }

  keepExperiment(
    folder: string,
    state: FolderState,
    seenAt: number,
    listed: ListingEntry,
  ): KnownExperiment | undefined {
    this.lessons?.add(folder);
    const [parent, id] = split(folder);
    if (listed.definition.id !== id || !isIdV0(id)) return undefined;
    if (!isSettled(state, seenAt)) return undefined;
    const before = this.experiment(folder);
    const record = ExperimentRecord.of(folder, state, listed);
    const known = before && this.#recordOf(before);
    if (known !== undefined) [record.runsState, record.runRecords] = [known.runsState, known.runRecords];
    this.#freshIn(parent).set(id, record);
    this.#counts.clear();
    return record;
  }

  keepRuns(of: KnownExperiment, state: FolderState, seenAt: number, runs: readonly ListedRun[]): KnownExperiment {
    this.lessons?.add(of.folder);
    if (!isSettled(state, seenAt)) return of;
    if (!runs.every(({ name, definition }) => isIdV0(name) && definition.id === name)) return of;
    const record = this.#changed(of);
    record?.takeRuns(state, runs);
    return record ?? of;
  }

  keepLogs(of: KnownExperiment, run: string, state: FolderState, seenAt: number, names: readonly string[]): void {
    this.lessons?.add(of.folder);
    if (!isSettled(state, seenAt)) return;
    const known = this.#changed(of)?.runRecords.find(({ name }) => name === run);
    if (known !== undefined) [known.state, known.names, known.closed] = [state, names, undefined];
  }

  keepClosed(of: KnownExperiment, run: string, bytes: number | undefined): void {
    this.lessons?.add(of.folder);
    const known = this.#changed(of)?.runRecords.find(({ name }) => name === run);
    if (known?.names !== undefined) known.closed = bytes;
  }

  keepEnding(of: KnownExperiment, run: string, status: RunStatus): void {
    this.lessons?.add(of.folder);
    const known = this.#changed(of)?.runRecords.find(({ name }) => name === run);
    if (known !== undefined) known.status = status;
  }

  knowsRuns(): boolean {
    for (const own of this.#fresh.values()) {
      for (const record of own.values()) {
        if (record !== undefined && record.version === 1 && record.runsState === undefined) return false;
      }
    }
    return this.#segments.all.every(({ head }) => head.withoutRuns === 0);
  }

  startingWith(prefix: string): { experiments: KnownExperiment[]; runs: KnownExperiment[] } {
    const experiments = new Map<string, KnownExperiment>();
    const runs = new Map<string, KnownExperiment>();
    for (const [parent, own] of this.#fresh) {
      for (const [id, record] of own) {
        if (record === undefined) continue;
        if (id.startsWith(prefix)) experiments.set(pathOf(parent, id), record);
        if (record.runRecords.some(({ name }) => name.startsWith(prefix))) runs.set(record.folder, record);
      }
    }
    for (const segment of this.#segments.all) {
      this.#segments.guarded(segment, () => {
        for (let row = segment.firstFrom(prefix); row < segment.count; row++) {
          if (!segment.idAt(row).startsWith(prefix)) break;
          const folder = segment.folderAt(row);
          const known = this.experiment(folder);
          if (known !== undefined) experiments.set(folder, known);
        }
        for (const run of segment.runsFrom(prefix)) {
          const folder = segment.folderAt(segment.ownerOf(run));
          const known = this.experiment(folder);
          if (known !== undefined) runs.set(folder, known);
        }
      });
    }
    return { experiments: [...experiments.values()], runs: [...runs.values()] };
  }

  /** How many folders experiments and their runs have, as far as files say. */
  get folders(): number {
    return this.#segments.all.reduce((sum, { head }) => sum + 2 * head.experiments + head.runs, 0);
  }

  /** The experiments that are not settled; undefined for more than `most`. */
  unsettled(most: number): Unsettled | undefined {
    const fresh = [...this.#fresh.values()].flatMap((own) => [...own.values()].filter((it) => it !== undefined));
    try {
      return unsettledOf(this.#segments.all, fresh, most);
    } catch (error) {
      // The listing that reads the damaged part forgets the file.
      if (error instanceof DamagedFile) return undefined;
      throw error;
    }
  }

  /** Writes down what is not in the files yet. Where that cannot be done, the next process finds it out again. */
  save(): void {
    if (this.#fresh.size === 0 && this.#freshBranches.size === 0) return;
    if (this.#segments.renew()) {
      this.#fresh.clear();
      this.#freshBranches.clear();
      return;
    }
    const entries: Entry[] = [];
    for (const [parent, own] of this.#fresh) {
      for (const [id, record] of own) entries.push({ parent, id, ...(record ? { record } : { gone: true as const }) });
    }
    if (!this.#segments.write(entries, [...this.#freshBranches.values()])) return;
    this.#fresh.clear();
    this.#freshBranches.clear();
  }

  /** Has what other processes wrote read again. */
  refresh(): void {
    this.#segments.refresh();
  }

  /** Takes what was read of many experiments at once, and writes it down; whether that could be done. */
  takeBlocks(blocks: readonly SegmentBlock[]): boolean {
    this.lessons?.add("");
    this.#counts.clear();
    return this.#segments.writeBlocks(blocks);
  }

  /** Forgets everything, on the disk too. */
  drop(): void {
    this.#counts.clear();
    this.#fresh.clear();
    this.#freshBranches.clear();
    this.#segments.drop();
  }

  #line(folder: string): BranchLine | undefined {
    return this.#freshBranches.get(folder) ?? this.#segments.line(folder);
  }

  #in(folder: string): BranchChildren {
    return new BranchChildren(this.#segments, folder, this.#fresh.get(folder));
  }

  #freshIn(folder: string): Map<string, ExperimentRecord | undefined> {
    let own = this.#fresh.get(folder);
    if (own === undefined) this.#fresh.set(folder, own = new Map());
    return own;
  }

  /** What is known of an experiment as a record that is written with the next file; undefined where that is damaged. */
  #changed(of: KnownExperiment): ExperimentRecord | undefined {
    const [parent, id] = split(of.folder);
    const own = this.#freshIn(parent);
    const known = own.get(id);
    if (known !== undefined) return known;
    // It is gone, or was never kept.
    if (own.has(id)) return undefined;
    const record = this.#recordOf(of);
    if (record !== undefined) own.set(id, record);
    return record;
  }

  #recordOf(known: KnownExperiment): ExperimentRecord | undefined {
    if (known instanceof ExperimentRecord) return known;
    if (known instanceof SegmentExperiment) return this.#segments.guarded(known.segment, () => known.toRecord());
  }
}
