import { isAbsent } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";
import { setTime } from "../../../fs/files/set_modified_time.ts";

/**
 * Whether an object is there, and if so, makes it as new: a collection of garbage beside this leaves alone what was put a
 * moment ago and is not referred to yet.
 */
export function touchObject(root: RootFolder, name: string): boolean {
  try {
    using file = root.open(name);
    setTime(file, Date.now()); // Another user's file cannot be touched, but it is there.
    return true;
  } catch (error) {
    if (isAbsent(error) || error instanceof LinkError) return false;
    throw error;
  }
}
