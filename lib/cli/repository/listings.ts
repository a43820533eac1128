import { isUrl } from "../../base/server_url.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import { openReader } from "../../repo/open.ts";
import { purgesOf } from "../../repo/lookup/purged.ts";
import { renewDerived, stampOf } from "../../store/local/purge/derived.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { ProcessContext } from "../command.ts";
import type { Listing } from "./access.ts";
import { indexFolder, indexFolders } from "../../client/location/index_folder.ts";
import { type BadLines, warnOfLines, warnOfMarker, warnOfProblems } from "./problems.ts";
import { openServer } from "./repository.ts";

/** Opens the repositories that a command was given. What a server's repository needs of its logs comes here. */
export function openListings(context: ProcessContext): Promise<Listing[]> {
  return Promise.all(context.repos.map(async (name) => {
    if (isUrl(name)) {
      const repository = await (await openServer(context, name)).snapshot(context.signal);
      const [folder] = indexFolders(name, context);
      if (folder !== undefined) await renewDerived(folder, stampOf(await purgesOf(repository)), context.signal);
      return { repository, folder, name };
    }
    const folder = indexFolder(name, context);
    await new LocalStore(name).renewDerived(folder, context.signal);
    const repository = await openReader(name, { catalogue: new FileCatalogue(folder) });
    warnOfMarker(context, repository);
    return { repository, folder, name };
  }));
}

/** Keeps what the listings learnt. */
export function saveCatalogues(listings: readonly Pick<Listing, "repository">[]): void {
  for (const { repository: { catalogue, version } } of listings) {
    if (version === 1 && catalogue instanceof FileCatalogue) catalogue.save();
  }
}

/** What each question ends with: what was learnt of its sources is kept, and what was left out of the answer is said once. */
export function endQuestion(
  context: ProcessContext,
  sources: readonly Pick<Listing, "repository">[],
  badLines: BadLines,
): void {
  saveCatalogues(sources);
  for (const { repository } of sources) warnOfProblems(context, repository);
  warnOfLines(context, badLines.count);
}
