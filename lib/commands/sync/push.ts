import type { Command, CommandEnvironment, Parsed, PermissionSet } from "../../cli/command.ts";
import { TARGET_OPTIONS, tokenOptions } from "./peer/options.ts";

/** What push and pull need: this repository, and the other one. */
export async function pairPermissions(
  parsed: Parsed,
  around: CommandEnvironment,
  direction: "push" | "pull",
): Promise<PermissionSet> {
  const { checkPeersApart, otherPeer, peerTokens } = await import("./peer/peers.ts");
  const { mergePermissions } = await import("../../cli/repository/merge_permissions.ts");
  const { locationPermissions } = await import("../../client/location/location.ts");
  const { confirmPermissions } = await import("./peer/confirm.ts");
  const own = { name: around.repo, location: { kind: "folder", path: around.repo } } as const;
  const other = otherPeer(parsed.positionals[0], around.repo, around.cwd);
  checkPeersApart(own, other);
  return mergePermissions([
    peerTokens([other], around, tokenOptions(parsed)),
    confirmPermissions([other], around),
    locationPermissions(own.location, around, direction === "pull"),
    locationPermissions(other.location, around, direction === "push"),
  ]);
}

/** `dbx push`. */
export const command: Command = {
  name: "push",
  summary: "bring another repository what this one has",
  usage: "[options] [REMOTE|LOCATION]",
  details:
    `Copies the experiments, logs and files that the other one lacks; nothing there is overwritten or removed, and a cut transfer goes on
where it ended when it is repeated. A location is a folder, http(s)://host:port (a dbx serve), ssh://host/path or host:path
(dbx must be there too; $DBX_SSH names another ssh), or the name of a remote. A folder that is not a repository yet becomes one only
with --create, or where a remote stands for it. Before anything goes to a remote that you did not add yourself, dbx asks whether
it is the right one; without a terminal, dbx remote trust says so. dbx login keeps the token of a server.
Exit code 1 if a log has diverged, or a file could not be moved; all others are moved nevertheless.`,
  examples: [
    "dbx push",
    "dbx push user@gpu:/data/output --no-objects",
    "dbx push http://lab:7070 --where 'params.lr < 0.1' --watch",
  ],
  options: TARGET_OPTIONS,
  positionals: { min: 0, max: 1 },
  permissions: (parsed, around) => pairPermissions(parsed, around, "push"),
  load: () => import("./push_run.ts"),
};
