import { kindOfName } from "../../format/kinds.ts";
import type { RootFolder } from "../../fs/root_folder.ts";
import { clockSkew, filesBelow, unfinishedFiles } from "../collection_files.ts";
import { INCOMING } from "../incoming.ts";

/** Nobody writes a file any more that has not changed for so long, in milliseconds. */
const DEAD_MS = 600_000;

/**
 * Removes what may hold bytes of something that was purged and is no file yet: parts of its objects, parts of definitions, which
 * a sender sends again, and what crashes left.
 */
export function removeUnfinished(root: RootFolder, objects: ReadonlySet<string>): void {
  for (const { name, kind } of [...filesBelow(root, INCOMING)]) {
    const last = name.slice(name.lastIndexOf("/") + 1);
    const object = `objects/${last.slice(0, 2)}/${last}`;
    const isOther = kindOfName(object) === "object" && (!objects.has(object) || root.lstat(object) !== undefined);
    if (kind === "file" && !isOther && !last.startsWith(".")) root.remove(name);
  }
  for (const name of unfinishedFiles(root, Date.now() + clockSkew(root), DEAD_MS)) {
    if (root.lstat(name)?.isDirectory) root.removeFolder(name);
    else root.remove(name);
  }
}
