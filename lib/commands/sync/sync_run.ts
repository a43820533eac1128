import type { Context, Parsed } from "../../cli/command.ts";
import type { Result } from "../../terminal/result.ts";
import type { TARGET_OPTIONS } from "./push_and_sync_options.ts";
import { mayCreate, syncWith, toPushError } from "./push_run.ts";
import { confirmRemote } from "./peer/confirm.ts";
import { openPeer, peerOf } from "./peer/peers.ts";
import { runSync } from "./peer/run_sync.ts";

/** Makes two repositories equal. */
export async function run(context: Context, parsed: Parsed<typeof TARGET_OPTIONS>): Promise<Result | number> {
  if (parsed.positionals.length < 2) {
    return await syncWith(context, parsed, { direction: "both", way: "push", create: parsed.options.create });
  }
  const remoteDbx = parsed.options["remote-dbx"];
  const stores = [];
  const peers = parsed.positionals.map((word) => peerOf(word, context));
  for (const peer of peers) await confirmRemote(context, peer, "synchronise");
  try {
    for (const peer of peers) stores.push(await openPeer(peer, context, remoteDbx));
    const create = parsed.options.create || mayCreate(peers[1], context.repo);
    return await runSync(context, parsed, [stores[0], stores[1]], "both", create);
  } catch (error) {
    let reported = error;
    for (const { name, location } of peers) {
      if (location.kind === "folder") {
        reported = toPushError(reported, name, location.path, context.repo, name === peers[1].name);
      }
    }
    throw reported;
  } finally {
    for (const store of stores) await store[Symbol.asyncDispose]?.();
  }
}
