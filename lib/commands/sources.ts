import { FileCatalogue } from "../index/file_catalogue.ts";
import type { Source } from "../index/snapshot.ts";
import { openSource } from "../query/query.ts";
import type { Context, PermissionSet, Surroundings } from "./command.ts";
import { indexFolder, indexFolders } from "./index_folder.ts";
import { progressBar } from "./progress.ts";

/** What a command needs that asks repositories: to read them, and to keep what is derived from them. */
export function sourcePermissions(around: Surroundings, more: readonly string[] = []): PermissionSet {
  const folders = around.repos.flatMap((repo) => indexFolders(repo, around));
  return {
    read: [...around.repos, ...folders],
    write: [...folders, ...more],
    why: [
      "what is derived from the logs is kept under .dbx/index, or in the cache folder where that cannot be written",
    ],
  };
}

/** Opens the repositories that a command was given. */
export function openSources(context: Context): Promise<Source[]> {
  return Promise.all(
    context.repos.map((repo) => openSource(repo, { folder: indexFolder(repo, context), name: repo })),
  );
}

/** Keeps what the listings learnt. */
export function saveCatalogues(sources: readonly Source[]): void {
  for (const { repository: { catalogue, version } } of sources) {
    if (version === 1 && catalogue instanceof FileCatalogue) catalogue.save();
  }
}

/** A bar for the time that an index takes, on a terminal. */
export function indexProgress(context: Context): (done: { readonly bytes: number; readonly total: number }) => void {
  const bar = progressBar(context.stderr, "reading logs");
  return ({ bytes, total }) => bar(bytes, total);
}
