import type { Context, Parsed } from "./command.ts";
import { text } from "./parse.ts";
import { between } from "./push_run.ts";
import { openPeer, peerOf } from "./sync/peers.ts";
import { work } from "./sync/work.ts";

/** Makes two repositories equal. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  if (parsed.positionals.length < 2) return await between(context, parsed, "both", "push");
  const options = { tokenFile: text(parsed, "token-file"), remoteDbx: text(parsed, "remote-dbx") };
  const stores = [];
  try {
    for (const word of parsed.positionals) {
      stores.push(await openPeer(peerOf(word, context.repo, context.cwd, options), context, options));
    }
    return await work(context, parsed, [stores[0], stores[1]], "both");
  } finally {
    for (const store of stores) await store[Symbol.asyncDispose]?.();
  }
}
