import type { RootFolder } from "./root_folder.ts";

/** The marker of a repository, and the version that this program writes; `lib/format/definitions/repository_config.ts` reads all that it says. */
const [MARKER_FILE, KNOWN] = ["dbx.json", 1];

/**
 * Whether a folder is a repository of a version that this program knows and writes, as far as its marker can be read.
 * Nothing may be made in any other one: a newer version may mean something by it, and v0 belongs to another program.
 */
export function isKnownRepository(root: RootFolder): boolean {
  try {
    if (root.lstat(MARKER_FILE)?.isFile !== true) return false;
    const versions = root.readText(MARKER_FILE).matchAll(/"dbx"\s*:\s*(-?\d[\d.eE+-]*)/g);
    return versions.every(([, version]) => Number(version) === KNOWN);
  } catch {
    return false;
  }
}
