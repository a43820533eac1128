import type { Entry } from "../../store.ts";

/** An entry of a folder. */
export function entryOf(entry: Deno.DirEntry): Entry {
  const { name, isSymlink } = entry;
  return isSymlink ? { name, kind: "other", isLink: true } : { name, kind: kindOf(entry) };
}

/** What an entry or a file is; a symbolic link is something other. */
export function kindOf(info: { readonly isFile: boolean; readonly isDirectory: boolean }): Entry["kind"] {
  return info.isFile ? "file" : info.isDirectory ? "folder" : "other";
}
