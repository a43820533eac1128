import { isUrl } from "../../base/server_url.ts";
import type { JsonObject } from "../../base/json.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import { openReader } from "../../repo/open.ts";
import type { Repository } from "../../repo/repository.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { httpTransport } from "../../client/http/http_transport.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import type { Context } from "../command.ts";
import { indexFolders } from "./index_folder.ts";
import { warnOfMarker } from "./problems.ts";
import { withWaitNotice } from "./wait_notice.ts";

/**
 * The repository of a command line, for reading: in a folder, or behind a URL. `open`: makes the store of a folder, by its absolute
 * path.
 */
export async function openRepo(
  context: Context,
  open: (path: string) => LocalStore = (path) => new LocalStore(path),
): Promise<Repository> {
  if (isUrl(context.repo)) return await openServer(context, context.repo);
  // What queries learnt is used, and left as it is.
  const repository = await openReader(open(context.repo), { catalogue: catalogueOf(context) });
  warnOfMarker(context, repository);
  return repository;
}

/** What earlier listings of the repository in a folder learnt. */
export function catalogueOf(context: Context): FileCatalogue {
  return new FileCatalogue(indexFolders(context.repo, context)[0]);
}

/** The repository behind a URL. */
export async function openServer(context: Context, url: string) {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  const options = serverOptions(context, url);
  return await RemoteRepository.open(url, {
    ...options,
    transport: withWaitNotice(options.transport, context, url),
  });
}

/** The same without a word to the server: for logging, which begins though it is down. */
export async function connectLazily(context: Context, url: string) {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  return RemoteRepository.unopened(url, serverOptions(context, url));
}

function serverOptions(context: Context, url: string) {
  return {
    ...context.tokens?.[url],
    transport: httpTransport(context.env.DBX_CA_FILE),
    spool: spoolFolder(context.env),
    onMessage: (message: string) => {
      try {
        context.stderr.line(`dbx: ${message}`);
      } catch {
        // Nobody listens.
      }
    },
  };
}

/** Adds to the notes of an experiment, in a folder or behind a URL. */
export async function addNote(
  context: Context,
  repository: Repository,
  experiment: Experiment,
  event: string,
  data: JsonObject,
): Promise<void> {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  if (repository instanceof RemoteRepository) return await repository.note(experiment.id, event, data);
  const { appendNote } = await import("../../logger/notes.ts");
  await appendNote(new LocalStore(context.repo), experiment.folder, event, data);
}
