import { isOwnRepository } from "../../fs/access/owner.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { isKnownRepository } from "../../fs/folders/known_version.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { openLocationStore, parseLocation } from "./location.ts";
import { folderFor, visibleToken, visibleVariables } from "./own_environment.ts";
import type { OpenedStore } from "./scheme.ts";

/**
 * The store at a location, to synchronise it: a path, the URL of a `dbx serve`, or `ssh://host/path`, which is to be disposed of
 * when it is no longer used. Nothing is read yet.
 *
 * @param options `token`: what the server asks for, default as for `openRepository`; `insecure`: it may go over plain HTTP to
 * another machine. `cache`: see `LocalStore`; default `.dbx/index/folders` in a repository of version 1.
 *
 * Permissions, once it is used: read and write on the folder, net for the URL's host, run for ssh; env and read for tokens as
 * with `openRepository`.
 */
export async function openStore(
  location: string,
  options: { readonly token?: string; readonly insecure?: boolean; readonly cache?: string } = {},
): Promise<OpenedStore> {
  const cwd = folderFor(location);
  const { token, insecure, cache } = options;
  return await openLocationStore(parseLocation(location, cwd), {
    cwd,
    env: visibleVariables("DBX_SSH", "DBX_REMOTE_DBX"),
    name: location,
    tokenFor: (url) => token === undefined ? visibleToken(url, insecure) : { token, insecure },
    localStore: (path) =>
      new LocalStore(path, { cache: cache ?? (isRepository(path) ? `${path}/.dbx/index/folders` : undefined) }),
  });
}

/** Whether a folder may keep what is derived from it: one of version 0 belongs to another program, some to another user. */
function isRepository(path: string): boolean {
  try {
    return isKnownRepository(new RootFolder(path)) && isOwnRepository(path);
  } catch {
    return false;
  }
}
