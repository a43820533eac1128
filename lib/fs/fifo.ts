import { parentOf } from "../base/paths.ts";
import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { isSame } from "./files/file_identity.ts";
import type { RootFolder } from "./folders/root_folder.ts";

/** Whether a FIFO has a reader: only then does an opening for writing succeed that does not wait. What is in doubt has one. */
export function hasReader(root: RootFolder, name: string): boolean {
  if (root.lstat(name)?.isFifo !== true) return true;
  try {
    closeSync(openSync(root.pathOf(name), constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW));
    return true;
  } catch (error) {
    return (error as { code?: string }).code !== "ENXIO";
  }
}

/** What the other end of a FIFO is opened for: `r`, `w`, or both, which waits for nobody. */
export type FifoMode = "r" | "w" | "r+";

/** None of them makes, cuts or follows anything. */
const FLAGS: Readonly<Record<FifoMode, number>> = {
  "r": constants.O_RDONLY,
  "w": constants.O_WRONLY,
  "r+": constants.O_RDWR,
};

/**
 * Opens a FIFO below a root, and gives its descriptor.
 *
 * @throws {Deno.errors.NotFound} Where it is not there, or is something else.
 */
export function openFifo(root: RootFolder, name: string, mode: FifoMode): number {
  const there = lookAtFifo(root, name);
  const open = openSync(root.pathOf(name), FLAGS[mode] | constants.O_NOFOLLOW);
  try {
    if (!isSame(fstatSync(open), there)) throw notFifo(root, name);
    return open;
  } catch (error) {
    closeSync(open);
    throw error;
  }
}

/** The same for reading, as a file of the runtime. */
export function openFifoFile(root: RootFolder, name: string, options: Deno.OpenOptions = { read: true }): Deno.FsFile {
  const there = lookAtFifo(root, name);
  const file = Deno.openSync(root.pathOf(name), options);
  try {
    if (!isSame(file.statSync(), there)) throw notFifo(root, name);
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Writes a text to an open FIFO. */
export function writeFifo(descriptor: number, text: string): void {
  writeSync(descriptor, text);
}

/** Closes an open FIFO. */
export function closeFifo(descriptor: number): void {
  closeSync(descriptor);
}

function lookAtFifo(root: RootFolder, name: string): Deno.FileInfo {
  const info = root.look(name);
  root.verify(parentOf(name));
  if (info?.isFifo !== true) throw notFifo(root, name);
  return info;
}

function notFifo(root: RootFolder, name: string): Error {
  return new Deno.errors.NotFound(`"${name}" in ${root.path} is not a FIFO`);
}
