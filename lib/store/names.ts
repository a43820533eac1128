import { UsageError } from "../base/errors.ts";
import { MAX_NAME } from "../format/layout/file_kind.ts";
import { MAX_FILE_DEPTH } from "../format/layout/names.ts";

/** Whether the name of a file or folder can be part of names here. */
export function isUsable(part: string): boolean {
  // deno-lint-ignore no-control-regex
  return !/[\x00-\x1f\x7f\\]/.test(part) && !/^[A-Za-z]:/.test(part);
}

/** Whether what stands in a folder has more segments than a name may have. */
export function isPathTooDeep(folder: string): boolean {
  let depth = 1;
  for (let at = folder.indexOf("/"); at >= 0; at = folder.indexOf("/", at + 1)) depth++;
  return depth >= MAX_FILE_DEPTH;
}

/** Throws `UsageError` unless a name stays inside a store: relative, `/` between segments, none empty, `.` or `..`. */
export function checkName(name: string): void {
  if (name.length > MAX_NAME || !isUsable(name)) refuse(name);
  const segments = name.split("/");
  if (segments.length > MAX_FILE_DEPTH) refuse(name);
  for (const segment of segments) {
    if (segment === "" || segment === "." || segment === "..") refuse(name);
  }
}

function refuse(name: string): never {
  throw new UsageError(
    `Cannot use ${JSON.stringify(name.slice(0, 200))}: it is not a relative path inside the repository`,
  );
}
