import { isOwnRepository } from "../../fs/access/owner.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { absolute } from "../../repo/default_repository.ts";
import { isKnownRepository } from "../../fs/folders/known_version.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { RemoteStore } from "../store/remote_store.ts";
import type { Store } from "../../store/store.ts";

/**
 * The store at a path, or behind the URL of a `dbx serve`. Nothing is opened yet.
 *
 * @param options `token`: what the server asks for; `insecure`: it may go over plain HTTP to another machine. `cache`: see `LocalStore`; default
 * `.dbx/index/folders` in a repository of version 1.
 *
 * Permissions, once it is used: read and write on the folder, or net for the URL's host.
 */
export function openStore(
  location: string,
  options: { readonly token?: string; readonly insecure?: boolean; readonly cache?: string } = {},
): Store {
  if (/^https?:\/\//i.test(location)) {
    const base = location.replace(/\/+$/, "");
    return new RemoteStore({
      location: base,
      base,
      transport: (request) => fetch(request),
      token: options.token,
      insecure: options.insecure,
    });
  }
  const path = location.startsWith("/") ? absolute(location, "/") : absolute(location, Deno.cwd());
  return new LocalStore(path, {
    cache: options.cache ?? (isRepository(path) ? `${path}/.dbx/index/folders` : undefined),
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
