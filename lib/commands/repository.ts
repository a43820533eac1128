import { UsageError } from "../base/errors.ts";
import { isUrl } from "../base/server_url.ts";
import type { JsonObject } from "../base/json.ts";
import { spoolFolder } from "../client/spool_folder.ts";
import type { Experiment } from "../repo/experiment.ts";
import { openReader } from "../repo/open.ts";
import type { Repository } from "../repo/repository.ts";
import { LocalStore } from "../store/local.ts";
import { httpTransport } from "../store/remote/http_transport.ts";
import { FileCatalogue } from "../query/snapshot/file_catalogue.ts";
import type { Context, Surroundings } from "./command.ts";
import { indexFolders } from "./index_folder.ts";
import { warnOfMarker } from "./problems.ts";

/** The repository of a command line, for reading: in a folder, or behind a URL. */
export async function openRepo(context: Context): Promise<Repository> {
  if (isUrl(context.repo)) return await openServer(context, context.repo);
  // What queries learnt is used, and left as it is.
  const repository = await openReader(context.repo, { catalogue: catalogueOf(context) });
  warnOfMarker(context, repository);
  return repository;
}

/** What earlier listings of the repository in a folder learnt. */
export function catalogueOf(context: Context): FileCatalogue {
  return new FileCatalogue(indexFolders(context.repo, context)[0]);
}

/** The repository behind a URL. */
export async function openServer(context: Context, url: string) {
  const { RemoteRepository } = await import("../client/remote_repository.ts");
  return await RemoteRepository.open(url, serverOptions(context));
}

/** The same without a word to the server: for logging, which begins though it is down. */
export async function unopenedServer(context: Context, url: string) {
  const { RemoteRepository } = await import("../client/remote_repository.ts");
  return RemoteRepository.unopened(url, serverOptions(context));
}

/** The token for a server: of the file that `--token-file` names, or `DBX_TOKEN`. */
export function serverToken(around: Surroundings): string | undefined {
  if (around.tokenFile === undefined) return around.env.DBX_TOKEN || undefined;
  try {
    return Deno.readTextFileSync(around.tokenFile).trim();
  } catch (error) {
    throw new UsageError(`Cannot read the token in "${around.tokenFile}": ${(error as Error).message}`);
  }
}

function serverOptions(context: Context) {
  return {
    token: serverToken(context),
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
  const { RemoteRepository } = await import("../client/remote_repository.ts");
  if (repository instanceof RemoteRepository) return await repository.note(experiment.id, event, data);
  const { appendNote } = await import("../logger/notes.ts");
  await appendNote(new LocalStore(context.repo), experiment.folder, event, data);
}
