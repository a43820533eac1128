import type { CommandEnvironment, PermissionSet } from "../command.ts";
import { indexFolders } from "../../client/location/index_folder.ts";

/** What a command needs that asks repositories: to read them, and to keep what is derived from them. */
export function sourcePermissions(environment: CommandEnvironment, more: readonly string[] = []): PermissionSet {
  const folders = environment.repos.flatMap((repo) => indexFolders(repo, environment));
  return {
    read: [...environment.repos, ...folders],
    write: [...folders, ...more],
    why: [
      "the index of the logs is stored under .dbx/index, or in the cache folder where that cannot be written",
    ],
  };
}
