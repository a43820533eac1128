import { DbxError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { ConfirmedRemotes } from "../../../client/location/confirmed_remotes.ts";
import { addressOf, parseLocation } from "../../../client/location/location.ts";
import { checkRemoteName, readRemotes, writeRemotes } from "../../../client/location/remotes.ts";
import { openReader } from "../../../repo/open.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./add.ts";

/** Gives a location a name. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name, location] = parsed.positionals;
  const remotes = readRemotes(context.repo);
  await openReader(context.repo); // Settings belong to a repository that is there.
  checkRemoteName(name);
  if (Object.hasOwn(remotes, name)) {
    throw new DbxError(
      `Cannot add the remote "${name}": it exists already, ${remotes[name].url}; dbx remote rm ${name} removes it`,
    );
  }
  const url = addressOf(parseLocation(location, context.cwd), location);
  writeRemotes(context.repo, { ...remotes, [name]: { url } });
  new ConfirmedRemotes(context.env).add(context.repo, url);
  return recordResult({ name, url });
}
