// Files of a person outside of repositories, such as a working tree, and of the system. What cannot be read counts as missing.

/** What stands in a folder, ordered by name; nothing where it cannot be read. */
export function listUserFolder(path: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(path)).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** What is known of a file or folder, of a link itself. */
export function lookAtUserFile(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}

/** All of a regular file; undefined for a link, for a pipe (which would block), and where it cannot be read. */
export function readUserFile(path: string): Uint8Array<ArrayBuffer> | undefined {
  if (lookAtUserFile(path)?.isFile !== true) return undefined;
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined;
  }
}

/** All of a file as text, also through links. */
export function readUserText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Gives a folder that was made whole its own name; an empty folder of that name is replaced. */
export function placeUserFolder(from: string, to: string): void {
  Deno.renameSync(from, to);
}

/** Removes a folder that was begun, with all that is in it. */
export function removeUserFolder(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
