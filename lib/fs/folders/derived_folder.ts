import { replaceFile } from "../files/atomic_file.ts";
import { lastSegment, nameIn, parentOf } from "../../base/paths.ts";
import { type OpenOptions, RootFolder } from "./root_folder.ts";

/** Folders that are remembered, with what is known of those above them. */
const known = new Map<string, DerivedFolder>();
const MAX_KNOWN = 1000;

/**
 * A folder for what is derived from a repository and can be made again: `.dbx/index` in it, or one in the user's cache.
 * In a repository no link below its root is followed; a cache folder is its own root, and may be one.
 *
 * @param folder An absolute path.
 */
export function derivedFolder(folder: string): DerivedFolder {
  let found = known.get(folder);
  if (found !== undefined) return found;
  if (known.size >= MAX_KNOWN) known.clear();
  const inside = folder.lastIndexOf("/.dbx/");
  found = inside < 0
    ? new DerivedFolder(new RootFolder(folder), "")
    : new DerivedFolder(new RootFolder(folder.slice(0, inside)), folder.slice(inside + 1));
  known.set(folder, found);
  return found;
}

/** Files of one folder, by their names in it. Every method throws what `RootFolder` throws. */
export class DerivedFolder {
  constructor(readonly root: RootFolder, readonly folder: string) {}

  /** The folder and name of a path. */
  static of(path: string): [DerivedFolder, string] {
    return [derivedFolder(parentOf(path)), lastSegment(path)];
  }

  make(): void {
    this.root.makeFolder(this.folder);
  }

  list(): Deno.DirEntry[] {
    return this.root.list(this.folder);
  }

  lstat(name: string): Deno.FileInfo | undefined {
    return this.root.lstat(this.nameOf(name));
  }

  open(name: string, options?: OpenOptions): Deno.FsFile {
    return this.root.open(this.nameOf(name), options);
  }

  readText(name: string): string {
    return new TextDecoder().decode(this.root.readFile(this.nameOf(name)));
  }

  /** Gives a file other contents, wholly or not at all. Its folder is made where there is none. */
  replace(name: string, data: string | Uint8Array): void {
    this.make();
    replaceFile(this.root, this.nameOf(name), data, { durable: false });
  }

  rename(from: string, to: string): void {
    this.root.verify(this.folder);
    this.root.rename(this.nameOf(from), this.nameOf(to));
  }

  remove(name: string): void {
    this.root.remove(this.nameOf(name));
  }

  /** A name relative to the root. */
  nameOf(name: string): string {
    return nameIn(this.folder, name);
  }
}
