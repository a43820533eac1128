import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import { type FolderState, folderState, isSameState, isSettled } from "../../repo/cache/folder_state.ts";
import { unchanged } from "../../repo/lookup/named_experiments.ts";
import type { Repository } from "../../repo/repository.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { isWholeStill } from "../snapshot/catalogue/ahead/whole_look.ts";
import type { SettledIn } from "../snapshot/catalogue/settled.ts";
import { SettledFiles } from "../snapshot/catalogue/settled_files.ts";
import type { FileCatalogue } from "../snapshot/catalogue/file_catalogue.ts";

/** The folders that hold experiments, before a listing. */
export interface Before {
  readonly at: number;
  readonly folders: ReadonlyMap<string, FolderState>;
  /** What the catalogue learns of from then on. */
  readonly lessons: ReadonlySet<string>;
}

/** A repository whose catalogue is kept in files. */
export interface Catalogued {
  readonly repository: Repository;
  readonly store: LocalStore;
  readonly catalogue: FileCatalogue;
}

/** To be asked before a listing; undefined where nothing would show that settled experiments change. */
export function beforeListing({ repository, store, catalogue }: Catalogued): Before | undefined {
  const at = catalogue.now();
  const known = unchanged(repository);
  if (known === undefined || known.others.length > 0) return undefined;
  const folders = new Map<string, FolderState>();
  for (const folder of known.folders) {
    const state = folderState(store, folder);
    if (state === undefined || !isSettled(state, at)) return undefined;
    folders.set(folder, state);
  }
  const lessons = catalogue.lessons = new Set();
  return { at, folders, lessons };
}

/**
 * That settled experiments are as they were looked at: for as long as the folders in which they stand are in the same states, since
 * changes show there (FORMAT.md), and a look at everything now and then finds nothing else.
 */
export class SettledTrust {
  /** When everything was looked at last, by the clock of this process. */
  #wholeAt = performance.now();
  #isLooking = false;
  #isBroken = false;
  #files: readonly SettledIn[] = [];
  /**
   * A writer that signals its changes to notes had signalled them long before the listing: later changes are those of
   * others.
   */
  readonly #notesUntil: number;
  readonly folders: ReadonlyMap<string, FolderState>;
  /** What need not be looked at. */
  settled: SettledFiles;

  /** After a listing that began when the folders were in these states. Throws `DamagedFile`. */
  constructor(
    readonly store: LocalStore,
    { at, folders }: Before,
    files: readonly SettledIn[],
  ) {
    this.folders = folders;
    this.#notesUntil = at - TIMESTAMP_GRANULARITY_MS;
    this.#files = files;
    this.settled = new SettledFiles(files, folders);
  }

  /** After a further listing, which relied on it: takes what has been settled meanwhile. Throws `DamagedFile`. */
  renew(files: readonly SettledIn[]): void {
    const isSame = files.length === this.#files.length &&
      files.every(({ segment }, at) => segment === this.#files[at].segment);
    if (isSame) return;
    this.#files = files;
    this.settled = new SettledFiles(files, this.folders);
  }

  /** Whether the folders are in the same states, as they were seen just now. */
  isAt(folders: ReadonlyMap<string, FolderState>): boolean {
    const own = this.folders;
    if (this.#isBroken || own.size !== folders.size) return false;
    return [...folders].every(([folder, state]) => own.has(folder) && isSameState(own.get(folder)!, state));
  }

  /** The same, by a look at them. */
  isStill(): boolean {
    if (this.#isBroken) return false;
    for (const [folder, state] of this.folders) {
      const now = folderState(this.store, folder);
      if (now === undefined || !isSameState(now, state)) return false;
    }
    return true;
  }

  /**
   * Has another thread look at each settled experiment, regardless of who may have changed it, if that was not done for
   * some milliseconds.
   */
  async lookAtAll(after: number): Promise<void> {
    if (this.#isLooking || this.#isBroken || performance.now() - this.#wholeAt < after) return;
    this.#isLooking = true;
    try {
      for (const file of this.#files) {
        if (!await isWholeStill(file, this.store.location, this.#notesUntil)) this.#isBroken = true;
      }
    } catch {
      this.#isBroken = true;
    }
    this.#isLooking = false;
    this.#wholeAt = performance.now();
  }
}
