import { FileCatalogue } from "../index/file_catalogue.ts";
import type { Source } from "../index/snapshot.ts";
import { isUrl } from "../base/server_url.ts";
import { openSource, sourceOf } from "../query/query.ts";
import type { Context, PermissionSet, Surroundings } from "./command.ts";
import { indexFolder, indexFolders } from "./index_folder.ts";
import { progressBar } from "./progress.ts";
import { openServer } from "./repository.ts";

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

/** Opens the repositories that a command was given. What a server's repository needs of its logs comes here. */
export function openSources(context: Context): Promise<Source[]> {
  return Promise.all(context.repos.map(async (repo) => {
    if (!isUrl(repo)) return await openSource(repo, { folder: indexFolder(repo, context), name: repo });
    const repository = await (await openServer(context, repo)).snapshot(context.signal);
    return sourceOf(repository, { folder: indexFolders(repo, context)[0], name: repo });
  }));
}

/** The server that alone is asked; undefined where folders are asked, or several repositories. */
export async function theServer(context: Context) {
  return context.repos.length === 1 && isUrl(context.repo) ? await openServer(context, context.repo) : undefined;
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
