import type { Command, CommandEnvironment, PermissionSet } from "../../cli/command.ts";
import { SYNC_EXIT_CODES, type SyncArgs, TARGET_OPTIONS, tokenOptions } from "./push_and_sync_options.ts";

/** What push and pull need: this repository, and the other one. */
export async function pairPermissions(
  parsed: SyncArgs,
  environment: CommandEnvironment,
  direction: "push" | "pull",
): Promise<PermissionSet> {
  const { checkNames, checkPeersApart, otherPeer, peerTokens } = await import("./peer/peers.ts");
  const { mergePermissions } = await import("../../cli/repository/merge_permissions.ts");
  const { locationPermissions } = await import("../../client/location/location.ts");
  const { confirmPermissions } = await import("./peer/confirm.ts");
  const own = { name: environment.repo, location: { kind: "folder", path: environment.repo } } as const;
  const other = otherPeer(parsed.positionals[0], environment);
  checkNames([other], environment);
  checkPeersApart(own, other);
  return mergePermissions([
    peerTokens([other], environment, tokenOptions(parsed)),
    confirmPermissions([other], environment),
    locationPermissions(own.location, environment, direction === "pull"),
    locationPermissions(other.location, environment, direction === "push"),
  ]);
}

/** `dbx push`. */
export const command: Command<typeof TARGET_OPTIONS> = {
  name: "push",
  summary: "send what another repository lacks",
  usage: "[options] [REMOTE|LOCATION]",
  details:
    `Copies the experiments, logs and files that the other repository lacks; nothing there is overwritten or removed. Repeat the command to
continue an interrupted transfer. A location is a folder, http(s)://host:port (a dbx serve), ssh://host/path or host:path (dbx must be
installed there; $DBX_SSH names another ssh), or the name of a remote. A folder that is not a repository yet becomes one only with
--create, or if it is a remote. Before anything is sent to a remote that you did not add yourself, dbx asks you to confirm it; without a
terminal, dbx remote trust does that. dbx login stores the token of a server.`,
  examples: [
    "dbx push",
    "dbx push user@gpu:/data/output --no-objects",
    "dbx push http://lab:7070 --where 'params.lr < 0.1' --watch",
  ],
  exitCodes: SYNC_EXIT_CODES,
  options: TARGET_OPTIONS,
  positionals: { min: 0, max: 1, completes: ["remote"] },
  permissions: (parsed, environment) => pairPermissions(parsed, environment, "push"),
};
