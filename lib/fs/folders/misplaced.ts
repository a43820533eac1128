import { rmdirSync } from "node:fs";
import { removeSync } from "../files/file_operations.ts";
import { type Identity, isSame } from "../files/file_identity.ts";
import { lstatIfThere } from "../files/lstat.ts";

/**
 * An attacker who swaps a folder for a link may swap it back at once, and again: what stands behind it is reached by
 * some of so many tries.
 */
const TRIES = 50;

/** Tries something until it says that it is done, or there is nothing to be done. */
function again(work: () => boolean): void {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      if (work()) return;
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") return;
    }
  }
}

/** Removes a file that was just made behind a link, if that is what `path` leads to: the path by which it was made. */
export function removeMisplacedFile(path: string, made: Identity): void {
  again(() => {
    const there = lstatIfThere(path);
    if (there === undefined || !isSame(there, made)) return false;
    removeSync(path);
    return true;
  });
}

/** Removes a folder that was just made behind a link. What is not empty, or no folder, stays. */
export function removeMisplacedFolder(path: string): void {
  again(() => {
    rmdirSync(path);
    return true;
  });
}

/** What was moved by mistake, to a name that cannot be guessed, goes back to its own; where that is taken, it stays. */
export function moveBack(path: string, own: string): void {
  again(() => {
    const moved = lstatIfThere(path);
    if (moved === undefined) return false;
    const there = lstatIfThere(own);
    if (there === undefined) Deno.renameSync(path, own);
    // It has both names.
    else if (isSame(there, moved)) removeSync(path);
    return true;
  });
}
