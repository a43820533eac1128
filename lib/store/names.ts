import { UsageError } from "../base/errors.ts";
import { MAX_SEGMENTS } from "../format/kinds.ts";

/** Characters that a name may have. */
const MAX_NAME = 4096;

export { parentOf } from "../fs/root_folder.ts";

/** Whether the name of a file or folder can be part of names here. */
export function isUsable(part: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x1f\x7f\\]/.test(part) && !/^[A-Za-z]:/.test(part);
}

/** Whether a path is short enough for a file of a repository. */
export function fits(path: string): boolean {
  // Each segment but the last has a character and a slash.
  return path.length < 2 * MAX_SEGMENTS || (path.length <= MAX_NAME && path.split("/").length <= MAX_SEGMENTS);
}

/** Throws `UsageError` unless a name stays inside a store: relative, `/` between segments, none empty, `.` or `..`. */
export function checkName(name: string): void {
  if (name.length > MAX_NAME || !isUsable(name)) refuse(name);
  for (const segment of name.split("/")) {
    if (segment === "" || segment === "." || segment === "..") refuse(name);
  }
}

function refuse(name: string): never {
  throw new UsageError(`Cannot use ${JSON.stringify(name.slice(0, 200))}: not a relative name inside the repository`);
}
