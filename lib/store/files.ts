import type { Entry } from "./store.ts";

/** How the names of files that are still being written start. */
export const TEMPORARY_PREFIX = ".tmp-";

/** What an entry or a file is; a symbolic link is something other. */
export function kindOf(info: { readonly isFile: boolean; readonly isDirectory: boolean }): Entry["kind"] {
  return info.isFile ? "file" : info.isDirectory ? "folder" : "other";
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

/** Makes a folder and those above it, each one durably. */
export function makeFolder(path: string): void {
  try {
    Deno.lstatSync(path);
    return;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  Deno.mkdirSync(path, { recursive: true });
  syncFolder(path.slice(0, path.lastIndexOf("/")) || "/");
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
