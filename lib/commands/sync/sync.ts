import type { Command } from "../../cli/command.ts";
import { SYNC_EXIT_CODES, TARGET_OPTIONS, tokenOptions } from "./push_and_sync_options.ts";

/** `dbx sync`. */
export const command: Command<typeof TARGET_OPTIONS> = {
  name: "sync",
  summary: "sync two repositories in both directions",
  usage: "[options] [LOCATION [LOCATION]]",
  details:
    `Synchronises two locations, or this repository with one location, or this repository with the remote origin: each side receives what
it lacks. Neither needs to be on this machine. See dbx push --help for locations and errors.`,
  examples: ["dbx sync", "dbx sync /mnt/share/experiments", "dbx sync gpu1:output http://lab:7070", "dbx sync --watch"],
  exitCodes: SYNC_EXIT_CODES,
  options: TARGET_OPTIONS,
  positionals: { min: 0, max: 2, completes: ["remote"] },
  async permissions(parsed, environment) {
    const { checkNames, checkPeersApart, otherPeer, peerOf, peerTokens } = await import("./peer/peers.ts");
    const { mergePermissions } = await import("../../cli/repository/merge_permissions.ts");
    const { locationPermissions } = await import("../../client/location/location.ts");
    const { confirmPermissions } = await import("./peer/confirm.ts");
    const { repo } = environment;
    const [first, second] = parsed.positionals;
    const peers = second === undefined
      ? [peerOf(repo, environment), otherPeer(first, environment)]
      : [peerOf(first, environment), peerOf(second, environment)];
    checkNames(peers, environment);
    checkPeersApart(peers[0], peers[1]);
    const sets = peers.map((peer) => locationPermissions(peer.location, environment, true));
    return mergePermissions([
      { read: [environment.repo] },
      ...sets,
      peerTokens(peers, environment, tokenOptions(parsed)),
      confirmPermissions(peers, environment),
    ]);
  },
};
