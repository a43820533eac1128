import { isUrl } from "../../base/server_url.ts";
import type { Source } from "../../query/snapshot/snapshot.ts";
import { sourceOf } from "../../query/snapshot/source.ts";
import type { Context } from "../command.ts";
import { openListings } from "./listings.ts";
import { openServer } from "./repository.ts";

/** Opens the repositories that a command was given, with their indexes. */
export async function openSources(context: Context): Promise<Source[]> {
  return (await openListings(context)).map((listing) => sourceOf(listing.repository, listing));
}

/** The server that alone is asked; undefined where folders are asked, or several repositories. */
export async function onlyServer(context: Context) {
  return context.repos.length === 1 && isUrl(context.repo) ? await openServer(context, context.repo) : undefined;
}
