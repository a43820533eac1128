import { openRepository as openForLogging } from "../../logger/open.ts";
import { isUrl } from "../../base/server_url.ts";
import { Credentials, type ServerToken, tokenFor } from "./credentials.ts";
import { LocalRepository } from "../local_repository.ts";
import { RemoteRepository, type RemoteRepositoryOptions } from "../remote_repository.ts";
import { spoolFolder } from "../spool/folder.ts";

/** A repository in a folder or behind a URL. */
export type AnyRepository = LocalRepository | RemoteRepository;

/** How to open a repository. */
export interface OpenOptions extends RemoteRepositoryOptions {
  /** Make it where there is none. Default true. A server makes its own. */
  readonly create?: boolean;
  /**
   * The absolute path of a folder for what is derived from the logs; default `.dbx/index` in the repository, and only
   * memory where that cannot be written, another user made it (told with `--allow-sys=uid`), or the repository is of version 0. A server has its own.
   */
  readonly index?: string;
}

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
  if (isUrl(text)) {
    const spool = options.spool ?? spoolFolder(given("DBX_SPOOL", "XDG_STATE_HOME", "HOME"));
    const kept = options.token === undefined ? tokenOf(text) : undefined;
    return await RemoteRepository.openOrWait(text, {
      ...options,
      ...kept,
      insecure: options.insecure ?? kept?.insecure,
      spool,
    });
  }
  const { store, version, id } = await openForLogging(location, options);
  if (options.index !== undefined) await store.renewDerived(options.index);
  return new LocalRepository(store, version, id, options.index);
}

/** `DBX_TOKEN`, or what `dbx login` keeps, as far as these may be seen. */
function tokenOf(url: string): ServerToken | undefined {
  const env = given("DBX_TOKEN", "DBX_REPO", "XDG_CONFIG_HOME", "HOME");
  const { path } = new Credentials(env);
  const mayRead = path !== undefined && Deno.permissions.querySync({ name: "read", path }).state === "granted";
  return tokenFor(url, mayRead ? env : { ...env, XDG_CONFIG_HOME: undefined, HOME: undefined }, true);
}

/** Variables of the environment, as far as they may be seen. */
function given(...names: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(names.map((name) => {
    if (Deno.permissions.querySync({ name: "env", variable: name }).state !== "granted") return [name, undefined];
    return [name, Deno.env.get(name)];
  }));
}
