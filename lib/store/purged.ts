import { NotFoundError } from "../base/errors.ts";
import { PURGED_FOLDER, purgedId, purgedIn, tombstoneName } from "../format/tombstone.ts";
import { isAbsent } from "../fs/files.ts";
import { LinkError, type RootFolder } from "../fs/root_folder.ts";

/** What is said of something that was purged. */
export const GONE = "it was purged, and is gone for good";

/** What was asked for, or was to be written, was purged. */
export class PurgedError extends NotFoundError {
  override name = "PurgedError";
}

/** Whether a name stands below an experiment or run that was purged in a folder. */
export function isPurgedHere(root: RootFolder, name: string): boolean {
  return purgedIn(name, (id) => root.lstat(tombstoneName(id)) !== undefined) !== undefined;
}

/** The ids of which a folder has a tombstone. */
export function purgedIds(root: RootFolder): Set<string> {
  const ids = new Set<string>();
  try {
    for (const { name, isFile } of root.list(PURGED_FOLDER)) {
      const id = isFile ? purgedId(`${PURGED_FOLDER}/${name}`) : undefined;
      if (id !== undefined) ids.add(id);
    }
  } catch (error) {
    if (!isAbsent(error) && !(error instanceof LinkError)) throw error;
  }
  return ids;
}
