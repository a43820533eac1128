import { absolute, parentOf } from "../../base/paths.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import { addressOf, parseLocation } from "./location.ts";

/**
 * The address (an absolute path, the URL of a server) of the repository that a command means: `--repo`, else `DBX_REPO`, else the nearest folder upward
 * that is one, else `output` below the working folder. It need not exist.
 */
export function locateRepository(
  options: {
    readonly repo?: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Absolute. */
    readonly cwd: string;
    /** Throws for a repository that was found, not named, and may not be used; its absolute path. */
    readonly checkFound?: (repo: string) => void;
  },
): string {
  const named = options.repo ?? options.env.DBX_REPO;
  if (named !== undefined && named !== "") return addressOf(parseLocation(named, options.cwd), named);
  for (let folder = options.cwd;; folder = parentOf(folder)) {
    if (isFile(`${folder}/dbx.json`)) return found(folder || "/", options.checkFound);
    if (folder === "" || !folder.includes("/")) break;
  }
  return found(absolute("output", options.cwd), options.checkFound);
}

function found(repo: string, check: ((repo: string) => void) | undefined): string {
  check?.(repo);
  return repo;
}

function isFile(path: string): boolean {
  try {
    return lstatIfThere(path)?.isFile === true;
  } catch {
    return false;
  }
}
