import type { FileCatalogue } from "../snapshot/file_catalogue.ts";
import { type FolderState, folderState, GRAIN, isSameState, isSettled } from "../../repo/folder_state.ts";
import { unchanged } from "../../repo/named_experiments.ts";
import { LocalStore } from "../../store/local.ts";
import type { SettledIn } from "../snapshot/catalogue/settled.ts";
import { isWholeStill } from "../snapshot/catalogue/ahead/whole_look.ts";
import type { SnapshotNeeds, Source } from "../snapshot/snapshot.ts";

/** Of more experiments that are not settled, and of more files of those, it is not worth it to look at each. */
const MOST_UNSETTLED = 2000;
const MOST_FILES = 20_000;

/** The folders that hold experiments, before a listing. */
interface Before {
  readonly at: number;
  readonly folders: ReadonlyMap<string, FolderState>;
  /** What the catalogue learns of from then on. */
  readonly lessons: ReadonlySet<string>;
}

/**
 * What tells that a repository is as it was listed: the folders that hold experiments, in which changes of settled experiments show
 * (see FORMAT.md), and all files of experiments that are not settled.
 */
export class Quiet {
  private constructor(
    readonly store: LocalStore,
    readonly folders: ReadonlyMap<string, FolderState>,
    /** What was seen of folders and files, by their names. */
    readonly stamps: ReadonlyMap<string, string>,
    readonly files: readonly SettledIn[],
  ) {}

  /** To be asked before a listing; undefined where nothing would tell. */
  static before({ repository }: Source, catalogue: FileCatalogue): Before | undefined {
    const { store } = repository;
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

  /** To be asked after the listing; undefined where something changes just now, or too much may. */
  static after(
    { repository: { store } }: Source,
    catalogue: FileCatalogue,
    before: Before,
    needs: SnapshotNeeds,
  ): Quiet | undefined {
    catalogue.lessons = undefined;
    const unsettled = catalogue.unsettled(MOST_UNSETTLED);
    if (unsettled === undefined || !(store instanceof LocalStore)) return undefined;
    // What was read just now and was too young to be kept: the catalogue tells of what was there before.
    if (!before.lessons.isSubsetOf(unsettled.folders)) return undefined;
    if (unsettled.goOn && (needs.status || needs.runStatus)) return undefined;
    const stamps = new Map<string, string>();
    for (const folder of unsettled.folders) {
      if (!addStamps(store, folder, before.at - GRAIN, stamps)) return undefined;
    }
    return new Quiet(store, before.folders, stamps, unsettled.files);
  }

  /** Whether nothing has changed, by all that shows it. */
  isStill(): boolean {
    for (const [folder, state] of this.folders) {
      const now = folderState(this.store, folder);
      if (now === undefined || !isSameState(now, state)) return false;
    }
    for (const [name, stamp] of this.stamps) if (stampOf(this.store, name)?.stamp !== stamp) return false;
    return true;
  }

  /** Whether settled experiments are as they were listed, whoever may have changed them: another thread looks at each. */
  async isWholeStill(): Promise<boolean> {
    for (const file of this.files) if (!await isWholeStill(file, this.store.location)) return false;
    return true;
  }
}

/** Takes the stamps of a folder and all in it. False where something changed after a time, so that it may change again unseen. */
function addStamps(store: LocalStore, name: string, until: number, into: Map<string, string>): boolean {
  const seen = stampOf(store, name);
  if (seen === undefined || seen.time > until || into.size >= MOST_FILES) return false;
  into.set(name, seen.stamp);
  if (!seen.isFolder) return true;
  return store.listNow(name).every((entry) => addStamps(store, `${name}/${entry.name}`, until, into));
}

function stampOf(store: LocalStore, name: string): { stamp: string; time: number; isFolder: boolean } | undefined {
  try {
    const look = store.look(name);
    if (look?.modifiedAt === undefined || look.changedAt === undefined) return undefined;
    const { kind, size, device, inode, modifiedAt, changedAt } = look;
    return {
      stamp: `${kind} ${device} ${inode} ${modifiedAt} ${changedAt} ${kind === "folder" ? "" : size}`,
      time: Math.max(modifiedAt, changedAt),
      isFolder: kind === "folder",
    };
  } catch {
    return undefined;
  }
}
