import { DbxError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { ConfirmedRemotes } from "../../../client/location/confirmed_remotes.ts";
import { allRemotes, remoteNamed } from "../../../client/location/remotes.ts";
import { openReader } from "../../../repo/open.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./trust.ts";

/** Remembers that a remote is the right one. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const confirmed = new ConfirmedRemotes(context.env);
  await openReader(context.repo); // Settings belong to a repository that is there.
  if (confirmed.path === undefined) {
    throw new DbxError(`Cannot remember that "${name}" is confirmed: set HOME or XDG_CONFIG_HOME`);
  }
  const { url } = remoteNamed(allRemotes(context), name, context.repo);
  confirmed.add(context.repo, url);
  if (isForPeople(parsed.options)) context.stderr.line(`dbx: the remote "${name}" is ${url}`);
  return recordResult({ name, url, confirmed: true });
}
