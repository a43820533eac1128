import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { isObject } from "../../base/json.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { purgePlaces } from "../../store/local/purge/purge_places.ts";

/** Where a spool says for which server it is. */
export const ABOUT_FILE = `${LOCAL_FOLDER}/spool.json`;

/** Drops what waits below a folder to be sent to a server of which that has purged the ids: it would be refused for ever. */
export async function dropSpooled(folder: string, url: string, ids: readonly string[]): Promise<void> {
  for (const { name, isDirectory } of listed(new RootFolder(folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory && serverOf(new RootFolder(path)) === url) await dropIn(new LocalStore(path), ids);
  }
}

/** The same in one spool, whose writer may go on: the tombstone there says so. Whether there was anything. */
export async function dropIn(store: LocalStore, ids: readonly string[]): Promise<boolean> {
  let isThere = false;
  for (const place of purgePlaces(store.folder, new Set(ids))) isThere ||= place !== undefined;
  if (!isThere) return false;
  await store.purge(ids);
  return true;
}

function serverOf(root: RootFolder): string | undefined {
  try {
    const about: unknown = JSON.parse(root.readText(ABOUT_FILE));
    return isObject(about) && typeof about.url === "string" ? about.url : undefined;
  } catch {
    return undefined; // It is being made or removed.
  }
}

function listed(root: RootFolder): Deno.DirEntry[] {
  try {
    return root.list("");
  } catch {
    return [];
  }
}
