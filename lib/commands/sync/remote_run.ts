import { DbxError, UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { ConfirmedRemotes } from "../../client/location/confirmed_remotes.ts";
import { openReader } from "../../repo/open.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { flag } from "../../cli/parse.ts";
import { addressOf, parseLocation } from "../../client/location/location.ts";
import { checkRemoteName, readRemotes, remoteNamed, writeRemotes } from "../../client/location/remotes.ts";

/** Lists, adds and removes remotes. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const [action, name, location] = parsed.positionals;
  const remotes = readRemotes(context.repo);
  const confirmed = new ConfirmedRemotes(context.env);
  const wants = { ls: 1, add: 3, rm: 2, trust: 2 }[action];
  if (wants === undefined) {
    throw new UsageError(
      `Cannot run "dbx remote ${action}": the actions are ls, add, rm and trust${
        didYouMean(action, ["ls", "add", "rm", "trust"])
      }`,
    );
  }
  if (parsed.positionals.length !== wants) {
    throw new UsageError(
      "Cannot run dbx remote with these words; usage: dbx remote ls | add NAME LOCATION | rm NAME | trust NAME",
    );
  }
  if (action === "ls") {
    const all = Object.entries(remotes).map(([name, { url }]) => ({
      name,
      url,
      isConfirmed: confirmed.has(context.repo, url),
    }));
    if (flag(parsed, "json")) {
      const json = Object.fromEntries(all.map(({ name, url, isConfirmed }) => [name, { url, confirmed: isConfirmed }]));
      context.stdout.json(json, 2);
      return 0;
    }
    if (all.length === 0) context.stderr.line("dbx: there are no remotes; dbx remote add NAME LOCATION adds one");
    for (const { name, url, isConfirmed } of all) {
      context.stdout.line(`${name}\t${url}${isConfirmed ? "" : "\tnot confirmed"}`);
    }
    return 0;
  }
  await openReader(context.repo); // Settings belong to a repository that is there.
  if (action === "trust") {
    if (confirmed.path === undefined) {
      throw new DbxError(`Cannot remember that "${name}" is confirmed: set HOME or XDG_CONFIG_HOME`);
    }
    const { url } = remoteNamed(remotes, name, context.repo);
    confirmed.add(context.repo, url);
    context.stderr.line(`dbx: the remote "${name}" is ${url}`);
    return 0;
  }
  if (action === "rm") {
    confirmed.remove(context.repo, remoteNamed(remotes, name, context.repo).url);
    const { [name]: _, ...others } = remotes;
    writeRemotes(context.repo, others);
    return 0;
  }
  checkRemoteName(name);
  if (Object.hasOwn(remotes, name)) {
    throw new DbxError(
      `Cannot add the remote "${name}": it exists already, ${remotes[name].url}; dbx remote rm ${name} removes it`,
    );
  }
  const url = addressOf(parseLocation(location, context.cwd), location);
  writeRemotes(context.repo, { ...remotes, [name]: { url } });
  confirmed.add(context.repo, url);
  return 0;
}
