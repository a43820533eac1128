import { isUrl } from "../../base/server_url.ts";
import { absolute, parentOf } from "../../base/paths.ts";
import { lstatIfThere } from "../../fs/files/lstat.ts";
import { addressOf, parseLocation } from "./location.ts";

/**
 * The address (an absolute path, the URL of a server) of the repository that a command means: `--repo`, else `DBX_REPO`, else the
 * nearest folder upward that is one, or whose settings name one, else what the user's settings name, else `output` below the working
 * folder. It need not exist.
 */
export function locateRepository(
  options: {
    readonly repo?: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Absolute. */
    readonly cwd: string;
    /** Throws for a repository that was found, not named, and may not be used; its absolute path. */
    readonly checkFound?: (repo: string) => void;
    /** What settings name. `below`: the folder of those of a project; without it, the user says so of every folder. */
    readonly configured?: { readonly repo: string; readonly below?: string };
  },
): string {
  const named = options.repo ?? options.env.DBX_REPO;
  if (named !== undefined && named !== "") return addressOf(parseLocation(named, options.cwd), named);
  const { configured } = options;
  for (let folder = options.cwd;; folder = parentOf(folder)) {
    if (configured?.below === (folder || "/")) {
      return isUrl(configured.repo) ? configured.repo : found(configured.repo, options.checkFound);
    }
    if (isFile(`${folder}/dbx.json`)) return found(folder || "/", options.checkFound);
    if (folder === "" || !folder.includes("/")) break;
  }
  return configured?.below === undefined && configured !== undefined
    ? configured.repo
    : found(absolute("output", options.cwd), options.checkFound);
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
