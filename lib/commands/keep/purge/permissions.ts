import { isUrl } from "../../../base/server_url.ts";
import { spoolFolder } from "../../../client/spool/folder.ts";
import type { CommandEnvironment, PermissionSet } from "../../../cli/command.ts";
import { indexFolders } from "../../../client/location/index_folder.ts";

/** What a purge needs: the repository, what is derived from it, and what waits for its server. */
export function purgePermissions(environment: CommandEnvironment): PermissionSet {
  const spool = isUrl(environment.repo) ? spoolFolder(environment.env) : undefined;
  const paths = [
    environment.repo,
    ...indexFolders(environment.repo, environment),
    ...spool === undefined ? [] : [spool],
  ];
  return { read: paths, write: paths };
}
