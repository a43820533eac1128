/**
 * A path made absolute, without `.` and `..` segments and without a slash at its end. By hand, as every start of the command needs
 * it, and `node:path` takes some milliseconds to load.
 */
export function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
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
