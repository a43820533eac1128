import { NotFoundError } from "../../base/errors.ts";
import { NoRepositoryError, type SyncOptions } from "../../sync/sync.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { Result } from "../../terminal/result.ts";
import type { SyncArgs, TARGET_OPTIONS } from "./push_and_sync_options.ts";
import { confirmRemote } from "./peer/confirm.ts";
import { knownRemotes, openPeer, otherPeer, type Peer } from "./peer/peers.ts";
import { readRemotes } from "../../client/location/remotes.ts";
import { runSync } from "./peer/run_sync.ts";

/** Sends what the other repository lacks. */
export function run(context: Context, parsed: Parsed<typeof TARGET_OPTIONS>): Promise<Result | number> {
  return syncWith(context, parsed, { direction: "push", way: "push", create: parsed.options.create });
}

/** Synchronises this repository with the one that the command line names, or with the remote `origin`. */
export async function syncWith(
  context: Context,
  parsed: SyncArgs,
  { direction, way, create = false }: {
    readonly direction: NonNullable<SyncOptions["direction"]>;
    readonly way: "push" | "pull";
    readonly create?: boolean;
  },
): Promise<Result | number> {
  const word = parsed.positionals[0];
  const remoteDbx = parsed.options["remote-dbx"];
  const other = otherPeer(word, context);
  await confirmRemote(context, other, direction === "both" ? "synchronise" : way);
  const own = await openPeer({ name: context.repo, location: { kind: "folder", path: context.repo } }, context);
  const far = await openPeer(other, context, remoteDbx);
  try {
    return await runSync(
      context,
      parsed,
      way === "push" ? [own, far] : [far, own],
      direction,
      way === "pull" || create || mayCreate(other, context.repo),
    );
  } catch (error) {
    if (word === undefined || other.location.kind !== "folder") throw error;
    throw toPushError(error, word, other.location.path, context.repo, way === "push");
  } finally {
    await far[Symbol.asyncDispose]?.();
  }
}

/** Whether a repository may be made where there is none, without --create: at a remote's place, but not at any path. */
export function mayCreate({ name, location }: Peer, repo: string): boolean {
  return location.kind !== "folder" || Object.hasOwn(readRemotes(repo), name);
}

/** Of a word that is neither a remote nor a repository: what there is instead. */
export function toPushError(error: unknown, word: string, path: string, repo: string, mayBeMade: boolean): unknown {
  const remotes = Object.keys(readRemotes(repo));
  if (!(error instanceof NoRepositoryError) || error.location !== path || remotes.includes(word)) return error;
  const make = mayBeMade ? `; --create creates a repository at ${path}` : "";
  return new NotFoundError(
    `Cannot find "${word}": it is not a remote, and there is no repository at ${path}${
      knownRemotes(word, remotes)
    }${make}`,
  );
}
