import { syncFolder } from "../../fs/files/file_operations.ts";
import { folderOf, lstatIfThere } from "../../fs/files/lstat.ts";

/**
 * Makes folders where they are missing, each level durably: the folder above is synced too. Returns what was made, from
 * the top down. What cannot be made is left to the command, which meets the same error and knows what it means there.
 */
export function makeFolders(paths: readonly string[]): string[] {
  const made: string[] = [];
  for (const path of paths) {
    try {
      for (const level of missingLevels(path)) {
        Deno.mkdirSync(level);
        made.push(level);
        syncFolder(folderOf(level));
      }
    } catch {
      // The command says it.
    }
  }
  return made;
}

/** Removes those of the folders that are still empty: the command failed before it wrote anything. */
export function removeEmptyFolders(made: readonly string[]): void {
  for (const path of made.toReversed()) {
    try {
      Deno.removeSync(path);
    } catch {
      // It is in use.
    }
  }
}

/** The folders of a path that are not there, from the top down. */
function missingLevels(path: string): string[] {
  const missing: string[] = [];
  for (let level = path; level !== "/" && lstatIfThere(level) === undefined; level = folderOf(level)) {
    missing.unshift(level);
  }
  return missing;
}
