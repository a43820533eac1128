// Paths of a logger: below a root, or anywhere where a program chose a path itself and there is no repository.
import { placeSync, removeSync } from "../files/file_operations.ts";
import { lstatIfThere } from "../files/lstat.ts";
import type { OpenOptions, RootFolder } from "./root_folder.ts";

/** Opens the file at an absolute path; below `root` as `RootFolder.open` does. */
export function openBelow(root: RootFolder | undefined, path: string, options: OpenOptions): Deno.FsFile {
  if (root !== undefined) return root.open(nameIn(root, path), options);
  const { asShared: _, ...own } = options;
  return Deno.openSync(path, own);
}

/** All of a file. */
export function readBelow(root: RootFolder | undefined, path: string): Uint8Array<ArrayBuffer> {
  return root === undefined ? Deno.readFileSync(path) : root.readFile(nameIn(root, path));
}

/** What is known of a file or folder, of a link itself; undefined where there is nothing. */
export function lstatBelow(root: RootFolder | undefined, path: string): Deno.FileInfo | undefined {
  return root === undefined ? lstatIfThere(path) : root.lstat(nameIn(root, path));
}

/** Makes a folder and those above it. */
export function makeFolderBelow(root: RootFolder | undefined, path: string): void {
  if (root === undefined) Deno.mkdirSync(path, { recursive: true });
  else root.makeFolder(nameIn(root, path));
}

/** Gives a file a second name. Throws `Deno.errors.AlreadyExists` where that is taken. */
export function placeBelow(root: RootFolder | undefined, from: string, to: string): void {
  if (root === undefined) placeSync(from, to);
  else root.place(nameIn(root, from), nameIn(root, to));
}

/** Removes a file, if it is there. */
export function removeBelow(root: RootFolder | undefined, path: string): void {
  if (root === undefined) removeSync(path);
  else root.remove(nameIn(root, path));
}

/** What stands in a folder. */
export function listBelow(root: RootFolder | undefined, path: string): Deno.DirEntry[] {
  return root === undefined ? Array.from(Deno.readDirSync(path)) : root.list(nameIn(root, path));
}

function nameIn(root: RootFolder, path: string): string {
  return path.slice(root.path.length + 1);
}
