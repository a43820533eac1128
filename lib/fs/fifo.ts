import { closeSync, constants, openSync, writeSync } from "node:fs";
import { parentOf, type RootFolder } from "./root_folder.ts";

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

/**
 * Opens a FIFO below a root, and gives its descriptor.
 *
 * @throws {Deno.errors.NotFound} Where it is not there, or is something else.
 */
export function openFifo(root: RootFolder, name: string, mode: FifoMode): number {
  checkFifo(root, name);
  return openSync(root.pathOf(name), mode);
}

/** The same for reading, as a file of the runtime. */
export function openFifoFile(root: RootFolder, name: string, options: Deno.OpenOptions = { read: true }): Deno.FsFile {
  checkFifo(root, name);
  return Deno.openSync(root.pathOf(name), options);
}

/** Writes a text to an open FIFO. */
export function writeFifo(descriptor: number, text: string): void {
  writeSync(descriptor, text);
}

/** Closes an open FIFO. */
export function closeFifo(descriptor: number): void {
  closeSync(descriptor);
}

function checkFifo(root: RootFolder, name: string): void {
  root.verify(parentOf(name));
  if (root.lstat(name)?.isFifo !== true) throw new Deno.errors.NotFound(`"${name}" in ${root.path} is no FIFO`);
}
