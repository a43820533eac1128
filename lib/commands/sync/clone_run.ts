import { DbxError } from "../../base/errors.ts";
import { ConfirmedRemotes } from "../../client/location/confirmed_remotes.ts";
import { RootFolder } from "../../fs/folders/root_folder.ts";
import { readMarker } from "../../repo/open.ts";
import { cloneTarget } from "./clone.ts";
import type { SyncArgs } from "./push_and_sync_options.ts";
import type { Result } from "../../terminal/result.ts";
import type { Context } from "../../cli/command.ts";
import { addressOf, parseLocation } from "../../client/location/location.ts";
import { openPeer } from "./peer/peers.ts";
import { readRemotes, writeRemotes } from "../../client/location/remotes.ts";
import { runSync } from "./peer/run_sync.ts";

/** Copies a repository. */
export async function run(context: Context, parsed: SyncArgs): Promise<Result | number> {
  const target = await cloneTarget(parsed, context);
  const [word] = parsed.positionals;
  const location = parseLocation(word, context.cwd);
  const url = addressOf(location, word);
  checkFree(target, url);
  const far = await openPeer({ name: word, location }, context, parsed.options["remote-dbx"]);
  try {
    const dry = parsed.options["dry-run"];
    // Before anything else is there: a clone that is cut can be repeated, and pulled.
    const remember = (): void => {
      if (dry) return;
      new RootFolder(target).makeFolder("");
      writeRemotes(target, { ...readRemotes(target), origin: { url } });
      new ConfirmedRemotes(context.env).add(target, url);
    };
    // A source that is not a repository, or cannot be reached or read, leaves no folder behind.
    for await (const _ of far.list("")) {
      await readMarker(far); // Refuses a version that is not known.
      remember();
      break;
    }
    const own = await openPeer({ name: target, location: { kind: "folder", path: target } }, context);
    return await runSync(context, parsed, [far, own], "push");
  } finally {
    await far[Symbol.asyncDispose]?.();
  }
}

/** Refuses a folder that holds something else than a clone of the same repository. */
function checkFree(target: string, url: string): void {
  let names: string[];
  try {
    names = new RootFolder(target).list("").map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new DbxError(`Cannot clone into "${target}": ${(error as Error).message}`);
  }
  if (names.length === 0 || readRemotes(target).origin?.url === url) return;
  throw new DbxError(
    `Cannot clone into "${target}": it is not empty; dbx pull updates an existing repository`,
  );
}
