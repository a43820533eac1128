import { isUrl } from "../../base/server_url.ts";
import { spoolFolder } from "../../client/spool/folder.ts";
import type { CommandEnvironment } from "../command.ts";

/** The paths that logging reads and writes: the repository's folder, or the folder in which it waits for a server. */
export function logPermissionPaths(environment: CommandEnvironment): string[] {
  if (!isUrl(environment.repo)) return [environment.repo];
  const spool = spoolFolder(environment.env);
  return spool === undefined ? [] : [spool];
}
