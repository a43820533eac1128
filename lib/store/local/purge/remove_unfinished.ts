import { lastSegment } from "../../../base/paths.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { clockSkew, filesBelow, unfinishedFiles } from "../files/gc_files.ts";
import { INCOMING } from "../files/uploads.ts";

/** A file that has not changed for this long, in milliseconds, has no writer any more. */
const DEAD_MS = 600_000;

/**
 * Removes what may hold bytes of something that was purged and is not a file yet: beginnings of objects and
 * definitions, which a sender sends again, because nothing says whose they are, and leftovers of crashes.
 */
export function removeUnfinished(root: RootFolder): void {
  for (const { name, kind } of [...filesBelow(root, INCOMING)]) {
    if (kind === "file" && !lastSegment(name).startsWith(".")) root.remove(name);
  }
  for (const name of unfinishedFiles(root, Date.now() + clockSkew(root), DEAD_MS)) {
    if (root.lstat(name)?.isDirectory) root.removeFolder(name);
    else root.remove(name);
  }
}
