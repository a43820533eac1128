import { parentOf } from "../../base/paths.ts";
import type { OpenOptions, RootFolder } from "../folders/root_folder.ts";
import { removeSync, temporaryBeside, writeAllSync } from "./file_operations.ts";

/** How a file is written as a whole. */
export interface AtomicOptions extends Pick<OpenOptions, "mode" | "asShared"> {
  /** `false`: the system writes it to the disk when it likes, as it can be made again. Default true: it is there afterwards. */
  readonly durable?: boolean;
}

/**
 * Gives a file of a folder these contents, in the place of others: readers see the old ones or the new ones, and a crash
 * leaves either. Its folder must be there.
 */
export function replaceFile(
  root: RootFolder,
  name: string,
  data: string | Uint8Array,
  options: AtomicOptions = {},
): void {
  writeWhole(root, name, data, options, (temporary) => root.rename(temporary, name));
}

/**
 * Makes a file of a folder, which appears with all of its contents. Its folder must be there. Throws
 * `Deno.errors.AlreadyExists` where the name is taken.
 */
export function createFile(
  root: RootFolder,
  name: string,
  data: string | Uint8Array,
  options: AtomicOptions = {},
): void {
  writeWhole(root, name, data, options, (temporary) => {
    root.place(temporary, name);
    root.remove(temporary);
  });
}

function writeWhole(
  root: RootFolder,
  name: string,
  data: string | Uint8Array,
  { durable = true, ...access }: AtomicOptions,
  give: (temporary: string) => void,
): void {
  const temporary = temporaryBeside(name);
  try {
    {
      using file = root.open(temporary, { write: true, createNew: true, ...access });
      writeAllSync(file, bytesOf(data));
      if (durable) file.syncSync();
    }
    give(temporary);
  } catch (error) {
    root.remove(temporary);
    throw error;
  }
  if (durable) root.syncNames(parentOf(name));
}

/** The same as `replaceFile` for a path in no repository that the user named. `temporary`: another one in that folder. */
export function replaceUserFile(
  path: string,
  temporary: string,
  text: string,
  options: { readonly mode?: number } = {},
): void {
  try {
    {
      using file = Deno.openSync(temporary, { write: true, create: true, truncate: true, ...options });
      writeAllSync(file, bytesOf(text));
      file.syncSync();
    }
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeSync(temporary);
    throw error;
  }
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
