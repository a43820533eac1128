import type { SyncOptions } from "../sync/sync.ts";
import type { Context, Parsed } from "./command.ts";
import { text } from "./parse.ts";
import { openPeer, peerOf } from "./sync/peers.ts";
import { readRemotes, remoteNamed } from "./sync/remotes.ts";
import { work } from "./sync/work.ts";

/** Brings the other repository what this one has. */
export function run(context: Context, parsed: Parsed): Promise<number> {
  return between(context, parsed, "push", "push");
}

/** Synchronises this repository with the one that the command line names, or with the remote `origin`. */
export async function between(
  context: Context,
  parsed: Parsed,
  direction: NonNullable<SyncOptions["direction"]>,
  way: "push" | "pull",
): Promise<number> {
  const word = parsed.positionals[0];
  if (word === undefined) remoteNamed(readRemotes(context.repo), "origin", context.repo);
  const options = { tokenFile: text(parsed, "token-file"), remoteDbx: text(parsed, "remote-dbx") };
  const other = peerOf(word ?? "origin", context.repo, context.cwd, options);
  const own = await openPeer({ name: context.repo, location: { kind: "folder", path: context.repo } }, context);
  const far = await openPeer(other, context, options);
  try {
    return await work(context, parsed, way === "push" ? [own, far] : [far, own], direction);
  } finally {
    await far[Symbol.asyncDispose]?.();
  }
}
