// Paths of a logger: below a root, or anywhere where a program chose a path itself and there is no repository.
import { basename, dirname } from "node:path";
import { type AtomicOptions, createFile } from "../files/atomic_file.ts";
import { lstatIfThere } from "../files/lstat.ts";
import { type OpenOptions, RootFolder } from "./root_folder.ts";

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

/** Makes a file that appears with all of its contents. Throws `Deno.errors.AlreadyExists` where its name is taken. */
export function createBelow(
  root: RootFolder | undefined,
  path: string,
  data: Uint8Array,
  options: AtomicOptions,
): void {
  if (root === undefined) createFile(new RootFolder(dirname(path)), basename(path), data, options);
  else createFile(root, nameIn(root, path), data, options);
}

/** What stands in a folder. */
export function listBelow(root: RootFolder | undefined, path: string): Deno.DirEntry[] {
  return root === undefined ? Array.from(Deno.readDirSync(path)) : root.list(nameIn(root, path));
}

function nameIn(root: RootFolder, path: string): string {
  return path.slice(root.path.length + 1);
}
