import { UsageError } from "../../base/errors.ts";
import type { LocalRepository } from "../local_repository.ts";
import type { RemoteRepository } from "../remote_repository.ts";
import { onlySync, parseLocation, schemeOf } from "./location.ts";
import type { OpenOptions } from "./open_options.ts";
import { folderFor } from "./own_environment.ts";

export type { OpenOptions } from "./open_options.ts";

/** A repository in a folder or behind a URL. */
export type AnyRepository = LocalRepository | RemoteRepository;

/**
 * Opens a repository for reading, writing and asking: in a folder, or behind the URL of a `dbx serve`. Both give the
 * same answers.
 *
 * @param location A path; default `./output`. A `file:` URL works too, and an `http:` or `https:` URL is a server.
 * @throws {NotFoundError} If it does not exist and `create` is false. An unreachable server is not an error, so that a
 * training can start without it: logged events wait, and reads reject.
 *
 * Permissions: of a folder, read, write for writing and for the index. Of a server, net for its host; for logging also
 * read and write on the spool, and env for `DBX_SPOOL`, `XDG_STATE_HOME`, `HOME`, `DBX_TOKEN` and `DBX_REPO` where the
 * options do not say them, and for what `dbx login` keeps `XDG_CONFIG_HOME`, and read on `dbx/tokens` there.
 */
export function openRepository(
  location: `http://${string}` | `https://${string}`,
  options?: OpenOptions,
): Promise<RemoteRepository>;
export function openRepository(location?: string | URL, options?: OpenOptions): Promise<AnyRepository>;
export async function openRepository(
  location: string | URL = "./output",
  options: OpenOptions = {},
): Promise<AnyRepository> {
  const text = String(location);
  const place = parseLocation(text, folderFor(text));
  const { openRepository } = schemeOf(place);
  if (openRepository === undefined) throw new UsageError(`Cannot open "${text}": ${onlySync(place)}`);
  return await openRepository(place, options);
}
