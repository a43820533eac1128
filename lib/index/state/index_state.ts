import type { LogFile } from "./listed_log.ts";
import type { IndexFiles } from "./index_files.ts";
import { type IndexedLog, KnownLogs, type PartRef } from "./indexed_logs.ts";
import { DamagedPack, type Pack } from "../pack/pack.ts";
import { type LastParts, type Numbering, type Places, readPlaces, writePlaces } from "./places_file.ts";

/** Fewer parts are looked up by their paths. */
const MIN_PARTS_FOR_PLACES = 10_000;

/** A log by its path. */
type Named = Pick<LogFile, "path">;

/** Where the columns of a log are. */
export interface LogPlace {
  readonly among: KnownLogs;
  readonly number: number;
}

/** What an index holds at a moment: it stays the same, whatever is read for other questions later. */
export class IndexView {
  /** `files`: what the files hold. `fresh`: what is in memory, which goes on where they end. */
  constructor(readonly files: KnownLogs, readonly fresh?: KnownLogs) {}

  /** All logs that are known, and the number of one among them. */
  of({ path }: Named): LogPlace | undefined {
    const fresh = this.fresh?.findOwn(path);
    if (fresh !== undefined) return { among: this.fresh!, number: fresh };
    const number = this.files.find(path);
    return number === undefined ? undefined : { among: this.files, number };
  }
}

/** What an index holds: the packs of its files, and one in memory that goes on where they end. */
export class IndexState {
  #view = new IndexView(new KnownLogs([]));
  #places: Places | undefined;
  #isLoaded = false;
  #generation = 0;
  /** Whether files of the index were found damaged, and are still named. */
  isDamaged = false;
  /** Whether packs were lost, and not all logs have been looked at since then, see `publish` of the files. */
  hasLost = false;

  constructor(readonly files: IndexFiles | undefined) {}

  /** Whether the files have been loaded at all. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Another number each time that other packs were taken. */
  get generation(): number {
    return this.#generation;
  }

  /** What is held now. */
  get view(): IndexView {
    return this.#view;
  }

  /** What the files hold. */
  get known(): KnownLogs {
    return this.#view.files;
  }

  get packs(): readonly Pack[] {
    return this.known.packs;
  }

  /** The packs, and that in memory. */
  get allPacks(): readonly Pack[] {
    return [...this.packs, ...this.#view.fresh?.packs ?? []];
  }

  /** Whether the files are as they were loaded, or none were needed yet. */
  get isCurrent(): boolean {
    return !this.#isLoaded || this.files?.changed() !== true;
  }

  /** Loads the files, where that was not done yet or they have changed. */
  load(): void {
    if (!this.#isLoaded || !this.isCurrent) this.reload();
  }

  reload(): void {
    const none = { packs: [], isWhole: true, hasLost: false };
    const { packs, isWhole, hasLost } = this.files?.load(this.packs) ?? none;
    this.isDamaged = !isWhole;
    this.hasLost = !isWhole || hasLost;
    this.#takeWhole(packs);
    this.#isLoaded = true;
  }

  /** Where the logs of a numbering are, as they were kept last for these packs. */
  places({ file, logs }: Numbering): Int32Array | undefined {
    const last = this.#places?.last.get(file);
    return last?.length === logs ? last : undefined;
  }

  /** Keeps where the logs of some numberings are in the packs of the files. */
  keepPlaces(last: LastParts): void {
    if (this.files === undefined) return;
    this.#places = { before: this.known.before, last };
    writePlaces(this.files.folder, this.packs, this.#places);
  }

  /** Takes those packs whose list of logs is undamaged. */
  #takeWhole(packs: readonly Pack[]): void {
    for (let left = packs;;) {
      try {
        return this.take(left);
      } catch (error) {
        if (!(error instanceof DamagedPack)) throw error;
        this.#lose();
        left = left.filter(({ file }) => file !== error.file);
      }
    }
  }

  /** Takes packs for those of the files; what was in memory is forgotten. */
  take(packs: readonly Pack[]): void {
    const parts = packs.reduce((sum, { directory }) => sum + directory.parts.length, 0);
    const isMany = this.files !== undefined && parts >= MIN_PARTS_FOR_PLACES;
    this.#places = isMany ? readPlaces(this.files!.folder, packs, parts) : undefined;
    this.#view = new IndexView(new KnownLogs(packs, undefined, this.#places?.before));
    this.#generation++;
  }

  /** Takes a pack that goes on where the files end, in the place of the one before; what is held then. */
  keep(pack: Pack): IndexView {
    return this.#view = new IndexView(this.known, new KnownLogs([pack], this.known));
  }

  /** Forgets a pack that turned out to be damaged. */
  discard(file: string): void {
    const left = this.packs.filter((pack) => pack.file !== file);
    if (left.length === this.packs.length) return;
    this.#lose();
    this.#takeWhole(left);
  }

  /** Forgets all packs. */
  discardAll(): void {
    this.#lose();
    this.take([]);
  }

  #lose(): void {
    [this.isDamaged, this.hasLost] = [true, true];
  }

  /** The number of a log in the files. */
  inFiles({ path }: Named): number | undefined {
    return this.known.find(path);
  }

  /** Where a log is now. */
  of(log: Named): LogPlace | undefined {
    return this.#view.of(log);
  }

  /** What is known of a log. */
  get(log: Named): IndexedLog | undefined {
    const found = this.of(log);
    return found?.among.get(found.number);
  }

  /** Whether a log is as long and as old as when it was read. */
  isSame(log: LogFile): boolean {
    const found = this.of(log);
    return found !== undefined && found.among.isSame(found.number, log);
  }

  /** The same by what the files hold. */
  isSameInFiles(log: LogFile): boolean {
    const number = this.inFiles(log);
    return number !== undefined && this.known.isSame(number, log);
  }

  /** The parts of a log, from its start; undefined where it has too many series for the index. */
  parts(log: Named): readonly PartRef[] | undefined {
    const found = this.of(log);
    return found === undefined ? NO_PARTS : found.among.parts(found.number);
  }
}

const NO_PARTS: readonly PartRef[] = [];
