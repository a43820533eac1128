import { recoverMarker } from "../format/marker.ts";
import { MARKER_FILE } from "../format/names.ts";
import type { RootFolder } from "../fs/root_folder.ts";

/**
 * Whether a folder is a repository of a version that this program knows and writes. Nothing may be made in any other one: a newer
 * version may mean something by it, and version 0 belongs to another program.
 */
export function isKnownRepository(root: RootFolder): boolean {
  try {
    if (root.lstat(MARKER_FILE)?.isFile !== true) return false;
    recoverMarker(new TextDecoder().decode(root.readFile(MARKER_FILE)));
    return true;
  } catch {
    return false;
  }
}
