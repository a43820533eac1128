import { parentOf } from "../../base/paths.ts";
import { configFolder } from "../../client/location/config_folder.ts";
import { checkFound, type Trust } from "../../client/location/trust.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";

/** The name of the file in a project. */
export const PROJECT_FILE = "dbx.toml";
/** The same in the folder of the user's configuration. */
export const USER_FILE = "config.toml";

/** A file of settings that exists. */
export interface ConfigFile {
  readonly of: "user" | "project";
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
}

/**
 * The files of settings that there are: the user's, and the nearest one upward, whose settings win. A look at each folder is all that
 * this takes.
 *
 * @throws {DbxError} For a file that belongs to another user.
 */
export function configFiles(
  { env, cwd, trust }: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly cwd: string;
    readonly trust: Trust;
  },
): ConfigFile[] {
  const files: ConfigFile[] = [];
  const user = configFolder(env);
  if (user !== undefined && isFile(`${user}/${USER_FILE}`)) {
    checkFound(user, user, trust, USER_FILE);
    files.push({ of: "user", folder: user, name: USER_FILE });
  }
  const project = projectFolder(cwd);
  if (project !== undefined) {
    checkFound(project, cwd, trust, PROJECT_FILE);
    files.push({ of: "project", folder: project, name: PROJECT_FILE });
  }
  return files;
}

/** The nearest folder upward with a file of settings. */
export function projectFolder(cwd: string): string | undefined {
  for (let folder = cwd;; folder = parentOf(folder)) {
    if (isFile(`${folder}/${PROJECT_FILE}`)) return folder || "/";
    if (folder === "" || !folder.includes("/")) return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return lstatIfThere(path)?.isFile === true;
  } catch {
    return false;
  }
}
