// From @std/path, by its two halves: the module above them asks for the system by `process.platform`, which takes 9 ms at
// every start. `node:path` takes some milliseconds too.
// deno-lint-ignore no-import-prefix
import { resolve as resolvePosix } from "npm:deno-std@1.4.0/path/posix/resolve.js";
// deno-lint-ignore no-import-prefix
import { resolve as resolveWindows } from "npm:deno-std@1.4.0/path/windows/resolve.js";

/** What a path on Windows begins with. */
const DRIVE = /^[a-z]:[\\/]/i;

/** Whether a path begins at the root of a disk. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || DRIVE.test(path);
}

/**
 * A path made absolute, without `.` and `..` segments and without a slash at its end. `/` stands between its segments on
 * every system: Windows takes it too, and so what is put together from it need not know the system.
 *
 * @param cwd An absolute path; it tells the system.
 */
export function absolute(path: string, cwd: string): string {
  return DRIVE.test(cwd) ? resolveWindows(cwd, path).replaceAll("\\", "/") : resolvePosix(cwd, path);
}

/** An absolute path out of the environment, without a slash at its end; undefined for one that is missing or relative. */
export function ifAbsolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? absolute(path, path) : undefined;
}

/** Whether a path is that of a folder, or of something in it. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

// Names in a repository are relative, with `/` between their segments on every system.

/** The folder that a name stands in: `""` for the top. */
export function parentOf(name: string): string {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? "" : name.slice(0, slash);
}

/** The last segment of a name. */
export function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The name of something in a folder; `""` is the top. */
export function nameIn(folder: string, segment: string): string {
  return folder === "" ? segment : `${folder}/${segment}`;
}
