import { DbxError, messageOf } from "../../base/errors.ts";
import { isObject } from "../../base/json.ts";
import { ownUsers, strangerAt, type Users } from "../../fs/access/owner.ts";
import { replaceFile } from "../../fs/files/atomic_file.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { folderOf } from "../../fs/files/lstat.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { configFolder } from "./config_folder.ts";
import { isAbsolute, isBelow } from "../../base/paths.ts";

/** Whose repositories are obeyed without being named. */
export interface Trust {
  /** Users who count as this one. */
  readonly users: Users;
  /** Folders that `dbx trust` named, absolute and without links; what is below them is trusted too. */
  readonly folders: readonly string[];
}

/** The file in the folder of the user's configuration. */
const FILE = "trusted.json";

/** What this user trusts. A list that is damaged, or that others may write, names nothing. */
export function readTrust(env: Readonly<Record<string, string | undefined>>): Trust {
  const users = ownUsers(env);
  const folder = configFolder(env);
  let folders: readonly string[] = [];
  if (folder !== undefined && strangerAt(`${folder}/${FILE}`, users) === undefined) {
    try {
      folders = readFolders(folder);
    } catch (error) {
      messageOf(error); // Then it trusts nobody; `dbx trust --list` says why.
    }
  }
  return { users, folders };
}

/**
 * The folders in a list (the absolute path of the configuration's folder); none if the list does not exist.
 *
 * @throws {DbxError} If the file is not such a list, or others may write to it.
 */
export function readFolders(config: string): string[] {
  const root = new RootFolder(config);
  let json: unknown;
  try {
    const info = root.lstat(FILE);
    if (info === undefined) return [];
    if (((info.mode ?? 0) & 0o022) !== 0) throw new Error("users other than its owner may write to it: chmod 600 it");
    json = JSON.parse(root.readText(FILE));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new DbxError(`Cannot read "${config}/${FILE}": ${messageOf(error)}`);
  }
  const folders = isObject(json) ? json.folders : undefined;
  if (!Array.isArray(folders) || !folders.every((path) => typeof path === "string" && isAbsolute(path))) {
    throw new DbxError(
      `Cannot read "${config}/${FILE}": it is not a list of folders; remove it, and run dbx trust again`,
    );
  }
  return folders as string[];
}

/** Replaces the list, for its owner alone to read. */
export function writeFolders(config: string, folders: readonly string[]): void {
  const root = new RootFolder(config);
  root.makeFolder("");
  replaceFile(root, FILE, JSON.stringify({ folders: [...folders].sort() }, null, 2) + "\n", { mode: 0o600 });
}

/** Whether what lies in `.dbx` of a repository (an absolute path) may be believed: this user made it, or trusts it. */
export function isTrusted(repo: string, { users, folders }: Trust): boolean {
  const strange = [repo, `${repo}/.dbx`].some((path) => strangerAt(path, users) !== undefined);
  return !strange || isListed(repo, folders);
}

/**
 * Refuses a repository that was found, not named: the nearest one upward, or `output`. It, its marker, and each folder from
 * `cwd` up to it must belong to this user or to root, or `dbx trust` must have named it. `file`: its marker, or another file that was
 * found in a folder.
 *
 * @throws {DbxError}
 */
export function checkFound(repo: string, cwd: string, { users, folders }: Trust, file = "dbx.json"): void {
  const paths = [`${repo}/${file}`, repo];
  for (let path = cwd; path.length > repo.length && path.startsWith(repo); path = folderOf(path)) paths.push(path);
  for (const path of paths) {
    const stranger = strangerAt(path, users);
    if (stranger === undefined || isListed(path, folders)) continue;
    if (isListed(repo, folders)) continue;
    const [what, instead] = file === "dbx.json"
      ? [`the repository "${repo}"`, ", or name the repository with --repo"]
      : [`"${repo}/${file}"`, ""];
    throw new DbxError(
      `Cannot use ${what} because it was found here: "${path}" belongs to another user (${stranger}); ` +
        `if you trust that user, run dbx trust "${repo}"${instead}`,
    );
  }
}

/** Whether `dbx trust` named a folder, or one above it. */
export function isNamedFolder(path: string, { folders }: Trust): boolean {
  return isListed(path, folders);
}

/** Whether a folder is one of those, or stands in one; links on the way to it do not count. */
function isListed(path: string, folders: readonly string[]): boolean {
  const real = new RootFolder(path).realPath();
  return folders.some((folder) => isBelow(real, folder));
}
