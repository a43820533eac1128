import type { PermissionSet } from "../command.ts";

/**
 * The same set, where each path to read or write also stands as what its symbolic links lead to: the runtime asks for
 * both when a file is opened, and repositories are often reached through a link (`~/data`, `/tmp` on macOS).
 */
export function withRealPaths(set: PermissionSet): PermissionSet {
  return { ...set, ...both("read", set.read), ...both("write", set.write) };
}

function both(kind: "read" | "write", paths: readonly string[] | true | undefined): PermissionSet {
  if (paths === undefined || paths === true) return {};
  return { [kind]: [...new Set(paths.flatMap((path) => [path, realOf(path)]))] };
}

/** Links that lead to a repository are followed, those in its `.dbx` are not: they would widen what a command may write. */
function realOf(path: string): string {
  const [, repo, inside] = /^(.+?)(\/\.dbx(?:\/.*)?)$/.exec(path) ?? [];
  return repo === undefined ? realPath(path) : realPath(repo) + inside;
}

/** The path without symbolic links; of what is not there yet, the part that is. */
function realPath(path: string): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf("/", end - 1)) {
    try {
      const real = Deno.realPathSync(path.slice(0, end));
      return (real === "/" ? "" : real) + path.slice(end) || "/";
    } catch {
      // Not there, or not to be seen: its parent.
    }
  }
  return path;
}
