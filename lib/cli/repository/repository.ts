import type { JsonObject } from "../../base/json.ts";
import { remoteOptions } from "../../client/location/schemes/http.ts";
import { indexFolders } from "../../client/location/index_folder.ts";
import { openLocation, parseLocation } from "../../client/location/location.ts";
import { FileCatalogue } from "../../query/snapshot/catalogue/file_catalogue.ts";
import type { Experiment } from "../../repo/experiments/experiment.ts";
import type { Repository } from "../../repo/repository.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { Context, ProcessContext } from "../command.ts";
import { openingOf } from "./opening.ts";
import { warnOfMarker } from "./problems.ts";

/** The URL of the repository of a command line; undefined where it is in a folder. */
export function serverUrl({ repo, cwd }: Pick<ProcessContext, "repo" | "cwd">): string | undefined {
  const location = parseLocation(repo, cwd);
  return location.kind === "http" ? location.url : undefined;
}

/** The repository in a folder, for reading. `localStore`: makes its store, by its absolute path. */
export async function openFolder(
  context: ProcessContext,
  localStore?: (path: string) => LocalStore,
): Promise<Repository> {
  const location = parseLocation(context.repo, context.cwd);
  const repository = await openLocation(location, { ...openingOf(context), name: context.repo, localStore });
  warnOfMarker(context, repository);
  return repository;
}

/** What earlier listings of the repository in a folder learnt. */
export function catalogueOf(context: ProcessContext): FileCatalogue {
  return new FileCatalogue(indexFolders(context.repo, context)[0]);
}

/** The repository behind a URL. */
export async function openServer(context: ProcessContext, url: string) {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  return await RemoteRepository.open(url, await remoteOptions(url, openingOf(context)));
}

/** The same without a word to the server: for logging, which begins though it is down. */
export async function connectLazily(context: ProcessContext, url: string) {
  const { RemoteRepository } = await import("../../client/remote_repository.ts");
  const { wrapTransport: _, ...opening } = openingOf(context);
  return RemoteRepository.unopened(url, await remoteOptions(url, opening));
}

/** Adds to the notes of an experiment, in a folder or behind a URL. */
export async function addNote(
  context: Context,
  experiment: Experiment,
  event: string,
  data: JsonObject,
): Promise<void> {
  const server = await context.server();
  if (server !== undefined) return await server.note(experiment.id, event, data);
  const { appendNote } = await import("../../logger/notes.ts");
  await appendNote(new LocalStore(context.repo), experiment.folder, event, data);
}
