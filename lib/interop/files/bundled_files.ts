import { absolute, isBelow } from "../../base/paths.ts";

/** A file below a folder. */
export interface BundledFile {
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly path: string;
}

/** What a folder holds: files in the order of their names, and what was left out, with the reason. */
export interface BundledFiles {
  readonly files: readonly BundledFile[];
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
}

/**
 * All files below a folder. A link is followed only to a file that lies within `root`: what is imported may come from somebody else,
 * and a link in it could name any file of this machine.
 */
export async function bundledFiles(folder: string, root: string): Promise<BundledFiles> {
  const files: BundledFile[] = [];
  const leftOut: { name: string; why: string }[] = [];
  const realRoot = await Deno.realPath(root);
  const walk = async (at: string, name: string): Promise<void> => {
    for await (const entry of Deno.readDir(at)) {
      const path = `${at}/${entry.name}`;
      const below = name === "" ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory) await walk(path, below);
      else if (entry.isFile) files.push({ name: below, path });
      else if (entry.isSymlink && await isFileWithin(path, realRoot)) files.push({ name: below, path });
      else leftOut.push({ name: below, why: entry.isSymlink ? "it is a link to elsewhere" : "it is not a file" });
    }
  };
  try {
    if ((await Deno.stat(folder)).isDirectory && await isWithin(folder, realRoot)) await walk(folder, "");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  return { files: files.sort(byName), leftOut: leftOut.sort(byName) };
}

/** The path of a file that a source names, if it is one within `root`, whatever links are on the way. */
export async function fileWithin(root: string, name: string): Promise<string | undefined> {
  const path = absolute(name, root);
  if (!isBelow(path, root)) return undefined;
  const realRoot = await Deno.realPath(root).catch(() => undefined);
  return realRoot !== undefined && await isFileWithin(path, realRoot) ? path : undefined;
}

async function isFileWithin(path: string, realRoot: string): Promise<boolean> {
  try {
    return await isWithin(path, realRoot) && (await Deno.stat(path)).isFile;
  } catch {
    return false;
  }
}

async function isWithin(path: string, realRoot: string): Promise<boolean> {
  return isBelow(await Deno.realPath(path), realRoot);
}
