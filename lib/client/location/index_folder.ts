import { DbxError } from "../../base/errors.ts";
import { isUrl } from "../../base/server_url.ts";
import { isTrusted, type Trust } from "./trust.ts";
import { derivedFolder } from "../../fs/folders/derived_folder.ts";
import { isKnownRepository } from "../../fs/folders/known_version.ts";
import { cacheFolder } from "./cache_folder.ts";

/** What is known of the user: `trust` is undefined in a library, which has its user name everything. */
interface IndexEnvironment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly trust?: Trust;
}

/**
 * The folders in which what is derived from a repository may be kept: its own, if this user made the repository or trusts it, and
 * one in the user's cache.
 */
export function indexFolders(repo: string, environment: IndexEnvironment): string[] {
  const own = `${repo}/.dbx/index`;
  const cache = cacheFolder(environment.env);
  if (isUrl(repo)) return cache === undefined ? [] : [`${cache}/dbx/index/${nameOf(repo)}`];
  const kept = cache === undefined ? [] : [`${cache}/dbx/index/${nameOf(repo)}`];
  return environment.trust === undefined || isTrusted(repo, environment.trust) ? [own, ...kept] : kept;
}

/**
 * The folder in which it is kept: in the repository, unless that is in format v0, which belongs to another program, or
 * of one that is not known, or may not be written.
 */
export function indexFolder(repo: string, environment: IndexEnvironment): string {
  if (isUrl(repo)) throw new TypeError("the index of a server's repository is asked for by indexFolders");
  const [own, cache = own] = indexFolders(repo, environment);
  if (own === undefined) {
    throw new DbxError(
      `Cannot store an index of "${repo}": it belongs to another user, and there is no cache folder; set HOME or XDG_CACHE_HOME`,
    );
  }
  if (own !== `${repo}/.dbx/index`) return own;
  try {
    if (!isKnownRepository(derivedFolder(own).root)) return cache;
    const folder = derivedFolder(own);
    folder.make();
    folder.open("lock", { write: true, create: true }).close();
    return own;
  } catch {
    return cache;
  }
}

/**
 * A path as the name of one folder. What is too long for a name keeps its end, and a part that distinguishes it from
 * others.
 */
function nameOf(path: string): string {
  const name = encodeURIComponent(path).replaceAll("*", "%2A");
  if (name.length <= 200) return name;
  let sum = 7n;
  for (const byte of new TextEncoder().encode(path)) {
    sum = BigInt.asUintN(128, sum * 0x1000000000000000000013bn + BigInt(byte));
  }
  return `${sum.toString(36)}-${name.slice(-150)}`;
}
