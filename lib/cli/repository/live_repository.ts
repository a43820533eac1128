import type { AnyRepository } from "../../client/location/open_repository.ts";
import { indexFolder } from "../../client/location/index_folder.ts";
import type { ProcessContext } from "../command.ts";

/** The repository of a command line, in a folder or behind a URL, as a program that lives on asks it. */
export async function openLive(context: ProcessContext): Promise<AnyRepository> {
  const { openServer, serverUrl } = await import("./repository.ts");
  const url = serverUrl(context);
  if (url !== undefined) return await openServer(context, url);
  const { LocalRepository } = await import("../../client/local_repository.ts");
  const { openReader } = await import("../../repo/open.ts");
  const { LocalStore } = await import("../../store/local/local_store.ts");
  const store = new LocalStore(context.repo);
  const { version, id } = await openReader(store);
  return new LocalRepository(store, version, id, indexFolder(context.repo, context));
}
