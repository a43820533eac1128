import { UsageError } from "../base/errors.ts";

export { parentOf } from "../fs/root_folder.ts";

/** Throws `UsageError` unless a name stays inside a store: relative, `/` between segments, none empty, `.` or `..`. */
export function checkName(name: string): void {
  // deno-lint-ignore no-control-regex
  if (name.length > 4096 || /[\x00-\x1f\x7f\\]/.test(name) || /^[A-Za-z]:/.test(name)) refuse(name);
  for (const segment of name.split("/")) {
    if (segment === "" || segment === "." || segment === "..") refuse(name);
  }
}

function refuse(name: string): never {
  throw new UsageError(`Cannot use ${JSON.stringify(name.slice(0, 200))}: not a relative name inside the repository`);
}
