import { HardLinkError } from "./link_error.ts";
import { lstatIfThere } from "../files/lstat.ts";

/** While a file gets its name it has two, for a moment. */
const MAX_ATTEMPTS = 5;
const PAUSE_MS = 10;

/**
 * Refuses an open file that is to be written and has further names, where another user may have given it one: `folder`
 * (an absolute path) is writable by others. Systems that let anybody make hard links to files of others would otherwise
 * have a member of a group choose what another one appends to.
 *
 * @throws {HardLinkError} With `name`.
 */
export function checkOnlyName(file: Deno.FsFile, info: Deno.FileInfo, folder: string, name: string): void {
  if ((info.nlink ?? 1) < 2) return;
  const above = lstatIfThere(folder);
  if (above === undefined || above.mode === null || (above.mode & 0o022) === 0) return;
  for (let tries = 0; tries < MAX_ATTEMPTS; tries++) {
    Atomics.wait(STILL, 0, 0, PAUSE_MS);
    if ((file.statSync().nlink ?? 1) < 2) return;
  }
  throw new HardLinkError(name);
}

const STILL = new Int32Array(new SharedArrayBuffer(4));
