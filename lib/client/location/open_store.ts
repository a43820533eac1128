import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { isOwnRepository } from "../../fs/access/owner.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { isKnownRepository } from "../../fs/folders/known_version.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { openLocationStore, parseLocation } from "./location.ts";
import { folderFor, visibleToken, visibleVariables } from "./own_environment.ts";
import type { OpenedStore } from "./scheme.ts";

/**
 * The store at a location that a script names, to synchronise it. Nothing is read yet. The caller disposes of it. For a
 * v1 repository in a folder, its listings are cached in `.dbx/index/folders`.
 */
export async function openStore(location: string): Promise<OpenedStore> {
  const cwd = folderFor(location);
  return await openLocationStore(parseLocation(location, cwd), {
    cwd,
    env: visibleVariables("DBX_SSH", "DBX_REMOTE_DBX"),
    name: location,
    tokenFor: visibleToken,
    localStore: (path) =>
      new LocalStore(path, { cache: isRepository(path) ? `${path}/${LOCAL_FOLDER}/index/folders` : undefined }),
  });
}

/** Whether a folder may keep what is derived from it: one of v0 belongs to another program, some to another user. */
function isRepository(path: string): boolean {
  try {
    return isKnownRepository(new RootFolder(path)) && isOwnRepository(path);
  } catch {
    return false;
  }
}
