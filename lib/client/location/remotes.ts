import { DbxError, UsageError } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { replaceFile } from "../../fs/files/atomic_file.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { LinkError, RootFolder } from "../../fs/folders/root_folder.ts";
import { didYouMean } from "../../base/suggest.ts";

/** A repository that another one is synchronised with, by a name. */
export interface Remote {
  readonly url: string;
}

/** The remotes that files of settings name. `isOwn`: the user said so, and not a project, which may come from anybody. */
export type ConfiguredRemotes = Readonly<Record<string, Remote & { readonly isOwn: boolean }>>;

/** The remotes of a repository (an absolute path), and those of settings that it does not name otherwise. */
export function allRemotes(
  { repo, remotes = {} }: { readonly repo: string; readonly remotes?: ConfiguredRemotes },
): Record<string, Remote & { readonly isOwn?: boolean }> {
  return { ...remotes, ...readRemotes(repo) };
}

/** The file of a copy's own settings. */
const FILE = `${LOCAL_FOLDER}/config.json`;

/** The remotes of a repository (an absolute path) by name; none where it has no settings. */
export function readRemotes(repo: string): Record<string, Remote> {
  let text: string;
  try {
    text = new TextDecoder().decode(new RootFolder(repo).readFile(FILE));
  } catch (error) {
    if (isAbsent(error) || error instanceof LinkError) return {};
    throw error;
  }
  const remotes: Record<string, Remote> = {};
  try {
    const json: unknown = JSON.parse(text);
    const all = isObject(json) && isObject(json.remotes) ? json.remotes : {};
    for (const [name, remote] of Object.entries(all)) {
      if (!isObject(remote) || typeof remote.url !== "string") throw new Error(`the remote "${name}" has no url`);
      // The author of the repository wrote this: no file to read and no program to run may stand here.
      remotes[name] = { url: remote.url };
    }
  } catch (error) {
    throw new DbxError(`Cannot read "${repo}/${FILE}": ${(error as Error).message}; repair or remove it`);
  }
  return remotes;
}

/** Keeps the remotes of a repository; other settings stay. */
export function writeRemotes(repo: string, remotes: Readonly<Record<string, Remote>>): void {
  const root = new RootFolder(repo);
  let other: Record<string, unknown> = {};
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(root.readFile(FILE)));
    if (isObject(json)) other = json;
  } catch {
    // There are no remotes yet.
  }
  root.makeFolder(LOCAL_FOLDER);
  // Not for those that a repository is shared with: a URL may hold a password.
  replaceFile(root, FILE, JSON.stringify({ ...other, remotes }, null, 2) + "\n", { mode: 0o600 });
}

/** Refuses an invalid name, because a location must not be mistaken for the name of a remote. */
export function checkRemoteName(name: string): void {
  if (/^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,99}$/.test(name)) return;
  throw new UsageError(
    `Cannot name a remote "${name}": a name consists of letters, digits, "_", "-" and ".", and does not begin with "-" or "."`,
  );
}

/** The remote of a name, which must be there. */
export function remoteNamed(remotes: Readonly<Record<string, Remote>>, name: string, repo: string): Remote {
  if (Object.hasOwn(remotes, name)) return remotes[name];
  const hint = didYouMean(name, Object.keys(remotes)) || `; dbx remote add ${name} LOCATION adds one`;
  throw new UsageError(`Cannot find the remote "${name}" of ${repo}${hint}`);
}
