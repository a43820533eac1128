import { LOCAL_FOLDER } from "../format/layout/names.ts";
import { isId, newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { isAbsent, writeAllSync } from "../fs/files/file_operations.ts";
import type { LocalStore } from "../store/local/local_store.ts";

const REPLICA_FILE = `${LOCAL_FOLDER}/replica`;

/** Where a copy of a repository is, by what `cp`, `tar`, `rsync` and snapshots of disks cannot all take along. */
interface Place {
  /** The absolute path of the repository. */
  readonly path: string;
  /** The inode of the file of ids, and when it was made; null where the system does not say. */
  readonly ino: number | null;
  readonly born: number | null;
}

/**
 * The id of this copy of a repository; made on first use. It is tied to the place of the copy: one that was made by `cp -r`,
 * or restored from a backup, gets an id of its own, so that no two copies write the same log of notes. One file keeps the
 * ids of all places, a line each, so that a folder that is mounted in several places keeps one id for each.
 */
export async function replicaId(store: LocalStore): Promise<string> {
  const known = knownReplicaId(store);
  if (known !== undefined) return known;
  store.folder.makeFolder(LOCAL_FOLDER);
  using file = store.folder.open(REPLICA_FILE, { read: true, append: true, create: true });
  await file.lock(true);
  // Another process may have added it while this one waited.
  const text = new TextDecoder().decode(store.folder.readFile(REPLICA_FILE));
  const place = placeOf(store, file.statSync());
  const found = idOf(text, place);
  if (found !== undefined) return found;
  const id = newId();
  const start = text === "" || text.endsWith("\n") ? "" : "\n";
  writeAllSync(file, new TextEncoder().encode(start + JSON.stringify({ id, ...place }) + "\n"));
  file.syncSync();
  return id;
}

/** The same, where it was made already. */
export function knownReplicaId(store: LocalStore): string | undefined {
  const known = readIfThere(store);
  return known && idOf(known.text, placeOf(store, known.info));
}

function placeOf(store: LocalStore, info: Deno.FileInfo): Place {
  // Where what leads there may not be read, the path as it was given is the place.
  const path = store.folder.realPath();
  return { path, ino: info.ino, born: info.birthtime?.getTime() ?? null };
}

/** The id that some lines give to a place. Lines that are not understood (those of older programs too) give none. */
function idOf(text: string, place: Place): string | undefined {
  for (const line of text.split("\n").reverse()) {
    try {
      const json: unknown = JSON.parse(line);
      if (!isObject(json) || typeof json.id !== "string" || !isId(json.id)) continue;
      if (json.path === place.path && json.ino === place.ino && json.born === place.born) return json.id;
    } catch {
      // Not a line of JSON.
    }
  }
  return undefined;
}

function readIfThere(store: LocalStore): { text: string; info: Deno.FileInfo } | undefined {
  try {
    const text = new TextDecoder().decode(store.folder.readFile(REPLICA_FILE));
    const info = store.folder.lstat(REPLICA_FILE);
    return info && { text, info };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
