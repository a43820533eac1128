import type { Entry } from "./store.ts";

export { isAbsent, placeSync, removeSync, syncFolder, TEMPORARY_PREFIX, writeAllSync } from "../fs/files.ts";

/** What an entry or a file is; a symbolic link is something other. */
export function kindOf(info: { readonly isFile: boolean; readonly isDirectory: boolean }): Entry["kind"] {
  return info.isFile ? "file" : info.isDirectory ? "folder" : "other";
}
