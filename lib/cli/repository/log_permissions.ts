import { isUrl } from "../../base/server_url.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { CommandEnvironment } from "../command.ts";

/** The paths that logging reads and writes: the repository's folder, or the folder in which it waits for a server. */
export function logPermissionPaths(around: CommandEnvironment): string[] {
  if (!isUrl(around.repo)) return [around.repo];
  const spool = spoolFolder(around.env);
  return spool === undefined ? [] : [spool];
}
