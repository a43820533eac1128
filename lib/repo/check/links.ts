import { nameIn } from "../../base/paths.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { messageOf } from "../../base/errors.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/**
 * Names every symbolic link below a repository's root, which may be one itself. What a link leads to is not part of the
 * repository: a link to runs hides them from all commands, so it counts as damage, but for what this copy can make anew.
 */
export async function* checkLinks(repository: Repository): AsyncIterableIterator<Problem> {
  const { store } = repository;
  const known = new Set(repository.problems.map(({ path }) => path));
  if (store instanceof LocalStore) yield* linksBelow(store, "", known);
}

/** `known`: folders that were named before because they cannot be listed. */
function* linksBelow(store: LocalStore, folder: string, known: ReadonlySet<string>): Generator<Problem> {
  let entries: Deno.DirEntry[];
  try {
    entries = store.folder.listProved(folder);
    // Before anything is said of links in it, the way to it is proved.
    if (entries.some(({ isSymlink }) => isSymlink)) entries = store.folder.list(folder);
  } catch (error) {
    if (known.has(folder)) return;
    yield problem("unreadable", { path: folder, message: messageOf(error) });
    return;
  }
  for (const { name, isDirectory, isSymlink } of entries) {
    const path = nameIn(folder, name);
    if (isDirectory) yield* linksBelow(store, path, known);
    else if (isSymlink) {
      const isOwn = path === LOCAL_FOLDER || path.startsWith(`${LOCAL_FOLDER}/`);
      const message = "a symbolic link, which dbx does not follow: what it points to is not part of the repository; " +
        (isOwn ? "remove it, or replace it with what it points to" : "replace it with what it points to");
      yield problem(isOwn ? "local-link" : "link", { path, message });
    }
  }
}
