import { NotFoundError } from "../../../base/errors.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { Look, Stat } from "../../store.ts";
import { kindOf } from "./entry_kind.ts";

/** What is known of a name, of which a walk has proved the folders above; undefined where there is nothing. */
export function lookAt(root: RootFolder, name: string): Deno.FileInfo | undefined {
  try {
    return root.look(name);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** The kind, size and time of a file or folder. */
export function lookOf(info: Deno.FileInfo): Look {
  return {
    kind: kindOf(info),
    size: info.size,
    modifiedAt: info.mtime?.getTime(),
    changedAt: info.ctime?.getTime(),
    device: info.dev,
    inode: info.ino ?? undefined,
  };
}

/** The same for longer. */
export function statOf(info: Deno.FileInfo): Stat {
  return {
    kind: kindOf(info),
    size: info.size,
    modifiedAt: info.mtime?.getTime(),
    changedAt: info.ctime?.getTime(),
    identity: info.ino === null ? undefined : `${info.dev}:${info.ino}`,
  };
}

/** A file that is not there. */
export function absent(name: string, location: string): NotFoundError {
  return new NotFoundError(`Cannot read "${name}": no such file in ${location}`);
}
