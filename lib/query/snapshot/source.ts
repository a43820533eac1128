import type { Repository } from "../../repo/repository.ts";
import type { Store } from "../../store/store.ts";
import { openReader } from "../../repo/open.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { FileCatalogue } from "./catalogue/file_catalogue.ts";
import { LogIndex } from "../../index/log_index.ts";
import type { Source } from "./rows/row_types.ts";

/**
 * Opens a repository for queries, with what is derived from it in a folder (an absolute path), or in memory only.
 *
 * @param location An absolute path or a store.
 */
export async function openSource(
  location: string | Store,
  options: { readonly folder?: string; readonly name?: string } = {},
): Promise<Source> {
  const store = typeof location === "string" ? new LocalStore(location) : location;
  if (options.folder !== undefined && store instanceof LocalStore) await store.renewDerived(options.folder);
  const repository = await openReader(store, { catalogue: new FileCatalogue(options.folder) });
  return sourceOf(repository, options);
}

/** A repository with an index in a folder, or in memory only. */
export function sourceOf(
  repository: Repository,
  options: { readonly folder?: string; readonly name?: string } = {},
): Source {
  const index = new LogIndex(repository.store, { folder: options.folder });
  return { repository, index, name: options.name ?? repository.location };
}
