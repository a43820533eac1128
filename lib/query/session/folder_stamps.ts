import type { LocalStore } from "../../store/local/local_store.ts";

/** Of more files it is not worth it to look at each. */
const MAX_FILES = 5000;

/** What was seen of folders and files, by their names. */
export type FolderStamps = ReadonlyMap<string, string>;

/** The stamps of folders and all in them; undefined where something changed after a time, so that it may change again unseen. */
export function stampsOf(store: LocalStore, folders: Iterable<string>, until: number): FolderStamps | undefined {
  const stamps = new Map<string, string>();
  const add = (name: string): boolean => {
    const seen = look(store, name);
    if (seen === undefined || seen.time > until || stamps.size >= MAX_FILES) return false;
    stamps.set(name, seen.stamp);
    return !seen.isFolder || store.listNow(name).every((entry) => add(`${name}/${entry.name}`));
  };
  for (const folder of folders) if (!add(folder)) return undefined;
  return stamps;
}

/** Whether all is as it was. */
export function areUnchanged(store: LocalStore, stamps: FolderStamps): boolean {
  for (const [name, stamp] of stamps) if (look(store, name)?.stamp !== stamp) return false;
  return true;
}

function look(store: LocalStore, name: string): { stamp: string; time: number; isFolder: boolean } | undefined {
  try {
    const seen = store.look(name);
    if (seen?.modifiedAt === undefined || seen.changedAt === undefined) return undefined;
    const { kind, size, device, inode, modifiedAt, changedAt } = seen;
    const isFolder = kind === "folder";
    return {
      stamp: `${kind} ${device} ${inode} ${modifiedAt} ${changedAt} ${isFolder ? "" : size}`,
      time: Math.max(modifiedAt, changedAt),
      isFolder,
    };
  } catch {
    return undefined;
  }
}
