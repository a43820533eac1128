import type { Context, Parsed } from "../../../cli/command.ts";
import { ConfirmedRemotes } from "../../../client/location/confirmed_remotes.ts";
import { readRemotes, remoteNamed, writeRemotes } from "../../../client/location/remotes.ts";
import { openReader } from "../../../repo/open.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./rm.ts";

/** Forgets a remote. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const remotes = readRemotes(context.repo);
  await openReader(context.repo); // Settings belong to a repository that is there.
  const { url } = remoteNamed(remotes, name, context.repo);
  new ConfirmedRemotes(context.env).remove(context.repo, url);
  const { [name]: _, ...others } = remotes;
  writeRemotes(context.repo, others);
  return recordResult({ name, url, removed: true });
}
