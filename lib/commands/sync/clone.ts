import { UsageError } from "../../base/errors.ts";
import type { Command, CommandEnvironment } from "../../cli/command.ts";
import { SYNC_EXIT_CODES, SYNC_OPTIONS, type SyncArgs, tokenOptions } from "./push_and_sync_options.ts";

/** The absolute path that a clone goes to. */
export async function cloneTarget(parsed: SyncArgs, environment: Pick<CommandEnvironment, "cwd">): Promise<string> {
  const { absolute } = await import("../../base/paths.ts");
  const [source, folder] = parsed.positionals;
  if (folder !== undefined) return absolute(folder, environment.cwd);
  const { parseLocation, schemeOf } = await import("../../client/location/location.ts");
  const location = parseLocation(source, environment.cwd);
  const last = schemeOf(location).nameOf(location);
  if (last === undefined) {
    throw new UsageError(`Cannot find a name for the copy of "${source}": give a folder: dbx clone ${source} DIR`);
  }
  return absolute(last, environment.cwd);
}

/** `dbx clone`. */
export const command: Command<typeof SYNC_OPTIONS> = {
  name: "clone",
  summary: "copy a repository, and remember where it came from",
  usage: "[options] LOCATION [DIR]",
  details:
    `Creates DIR (default: the last part of the location) and fetches all experiments, or those that are selected. The location becomes its
remote origin, the default of dbx pull, push and sync; its token is not stored: dbx login does that. Repeat the command to continue an
interrupted clone. See dbx push --help for locations.`,
  examples: [
    "dbx clone user@gpu:output",
    "dbx clone http://lab:7070 lab --no-objects",
    "dbx clone /mnt/share/experiments mine",
  ],
  exitCodes: SYNC_EXIT_CODES,
  options: SYNC_OPTIONS,
  positionals: { min: 1, max: 2, completes: ["folder"] },
  async permissions(parsed, environment) {
    const { checkPeersApart, peerTokens } = await import("./peer/peers.ts");
    const { mergePermissions } = await import("../../cli/repository/merge_permissions.ts");
    const { rememberPermissions } = await import("./peer/confirm.ts");
    const { locationPermissions, parseLocation } = await import("../../client/location/location.ts");
    const target = await cloneTarget(parsed, environment);
    const own = { name: target, location: { kind: "folder", path: target } } as const;
    const [word] = parsed.positionals;
    const from = { name: word, location: parseLocation(word, environment.cwd) };
    checkPeersApart(from, own);
    return mergePermissions([
      { make: parsed.options["dry-run"] ? [] : [target] },
      locationPermissions(own.location, environment, true),
      locationPermissions(from.location, environment, false),
      peerTokens([from], environment, tokenOptions(parsed)),
      rememberPermissions(environment),
    ]);
  },
  withoutRepository: () => true,
};
