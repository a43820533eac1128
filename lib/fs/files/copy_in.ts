import { chmodSync } from "node:fs";
import type { RootFolder } from "../folders/root_folder.ts";

/**
 * Copies a file that the user named (an absolute path) to a new one below a root, whose name cannot be guessed. The system does it,
 * and the bytes do not come here: on a file system that can share them (Btrfs, XFS, APFS), nothing is copied at all.
 */
export async function copyIn(root: RootFolder, from: string, name: string): Promise<void> {
  const mode = newMode(root, name);
  await Deno.copyFile(from, root.pathOf(name));
  setMode(root, name, mode);
}

/** Gives a file below a root, to which nobody writes any more, a second name that cannot be guessed, and the mode of new files. */
export function linkIn(root: RootFolder, from: string, name: string): void {
  const mode = newMode(root, name);
  root.remove(name);
  root.place(from, name);
  setMode(root, name, mode);
}

/** Makes a file, and returns the mode that it got: a copy has that of what was copied. */
function newMode(root: RootFolder, name: string): number | null {
  using file = root.open(name, { write: true, createNew: true });
  return file.statSync().mode;
}

function setMode(root: RootFolder, name: string, mode: number | null): void {
  if (mode !== null && Deno.build.os !== "windows") chmodSync(root.pathOf(name), mode & 0o7777);
}
