// From @std/path: every start of the command needs these, and `node:path` takes some milliseconds to load.
// deno-lint-ignore no-import-prefix
import { isAbsolute as isAbsolutePath } from "npm:deno-std@1.4.0/path/is_absolute.js";
// deno-lint-ignore no-import-prefix
import { resolve } from "npm:deno-std@1.4.0/path/resolve.js";

/** Whether a path begins at the root of a disk. */
export const isAbsolute: (path: string) => boolean = isAbsolutePath;

/**
 * A path made absolute, without `.` and `..` segments and without a slash at its end. `/` stands between its segments on
 * every system: Windows takes it too, and so what is put together from it need not know the system.
 */
export function absolute(path: string, cwd: string): string {
  const full = resolve(cwd, path);
  return full.startsWith("/") ? full : full.replaceAll("\\", "/");
}

/** An absolute path out of the environment, without a slash at its end; undefined for one that is missing or relative. */
export function ifAbsolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? absolute(path, path) : undefined;
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
