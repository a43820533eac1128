import { newId } from "../../base/ids.ts";
import { nameIn, parentOf } from "../../base/paths.ts";

/** How the names of files that are still being written start. */
export const TEMPORARY_PREFIX = ".tmp-";

/** A name in a folder (`""`: the top), which cannot be guessed, for a file that is still being written. */
export function temporaryIn(folder: string, prefix: string = TEMPORARY_PREFIX): string {
  return nameIn(folder, prefix + newId());
}

/** Such a name beside another one. */
export function temporaryBeside(name: string, prefix?: string): string {
  return temporaryIn(parentOf(name), prefix);
}

/** Whether an error says that a file or a folder above it is not there. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Gives a file its name unless that is taken. A hard link does so atomically; where there are none, a rename must do. */
export function placeSync(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    try {
      Deno.lstatSync(to);
    } catch (missing) {
      if (!isAbsent(missing)) throw missing;
      return Deno.renameSync(from, to);
    }
    throw new Deno.errors.AlreadyExists(`"${to}" exists`);
  }
}

/** Makes the names in a folder durable. Not every system can sync a folder; there it is left to the system. */
export function syncFolder(path: string): void {
  try {
    using folder = Deno.openSync(path);
    folder.syncSync();
  } catch {
    // Nothing more can be done, and the file itself is on the disk.
  }
}

/** Removes a file, if it is there. */
export function removeSync(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Writes all bytes: one call may take fewer. */
export function writeAllSync(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
}
