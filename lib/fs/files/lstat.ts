import { parentOf } from "../../base/paths.ts";
import { isAbsent } from "./file_operations.ts";

/** What is known of a file or folder, of a link itself; undefined where there is nothing. `path`: absolute. */
export function lstatIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Whether there is certainly nothing: what may not be looked at may be there. */
export function isGone(path: string): boolean {
  try {
    return lstatIfThere(path) === undefined;
  } catch {
    return false;
  }
}

/** The absolute path of the folder that a file or folder stands in. */
export function folderOf(path: string): string {
  return parentOf(path) || "/";
}
