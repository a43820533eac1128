import type { ProcessContext } from "../command.ts";
import type { RepositoryAccess } from "./access.ts";

/** How a command gets at the repositories of its command line. What opens them is loaded when it is needed. */
export function repositoriesOf(context: ProcessContext): RepositoryAccess {
  const server = once(async () => {
    const { openServer, serverUrl } = await import("./repository.ts");
    const url = serverUrl(context);
    return url === undefined ? undefined : await openServer(context, url);
  });
  const repository = once(async () => await server() ?? await (await import("./repository.ts")).openFolder(context));
  const listings = once(async () => await (await import("./listings.ts")).openListings(context));
  return {
    server,
    listings,
    onlyServer: async () => context.repos.length === 1 ? await server() : undefined,
    async repository(localStore) {
      if (localStore === undefined) return await repository();
      return await server() ?? await (await import("./repository.ts")).openFolder(context, localStore);
    },
    async sources() {
      const { sourceOf } = await import("../../query/snapshot/source.ts");
      return (await listings()).map((listing) => sourceOf(listing.repository, listing));
    },
    target: async (spool) => await (await import("./log_target.ts")).openTarget(context, spool),
  };
}

/** Opens something at the first call, and gives the same afterwards; what failed is tried again. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () =>
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
}
