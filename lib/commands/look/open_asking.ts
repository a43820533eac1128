import type { LocalRepository } from "../../client/local_repository.ts";
import type { RemoteRepository } from "../../client/remote_repository.ts";
import { indexFolder } from "../../client/location/index_folder.ts";
import type { Context } from "../../cli/command.ts";

/** The repository of a command line, to ask it again and again. */
export async function openAsking(context: Context): Promise<LocalRepository | RemoteRepository> {
  const server = await context.server();
  if (server !== undefined) return server;
  const { LocalRepository } = await import("../../client/local_repository.ts");
  const { openReader } = await import("../../repo/open.ts");
  const { LocalStore } = await import("../../store/local/local_store.ts");
  const store = new LocalStore(context.repo);
  const { version, id } = await openReader(store);
  return new LocalRepository(store, version, id, indexFolder(context.repo, context));
}
