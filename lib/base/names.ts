/**
 * The parts of a name in a repository: relative, `/` between segments on every system. Paths on a disk are taken apart by
 * `node:path`, as each system writes them in its own way.
 */

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
