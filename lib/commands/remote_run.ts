import { DbxError, UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { absolute } from "../repo/locate.ts";
import { openReader } from "../repo/open.ts";
import type { Context, Parsed } from "./command.ts";
import { flag, text } from "./parse.ts";
import { parseLocation } from "./sync/location.ts";
import { checkRemoteName, readRemotes, remoteNamed, writeRemotes } from "./sync/remotes.ts";

/** Lists, adds and removes remotes. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const [action, name, location] = parsed.positionals;
  const remotes = readRemotes(context.repo);
  const wants = { ls: 1, add: 3, rm: 2 }[action];
  if (wants === undefined) {
    throw new UsageError(
      `Cannot run "dbx remote ${action}": there are ls, add and rm${didYouMean(action, ["ls", "add", "rm"])}`,
    );
  }
  if (parsed.positionals.length !== wants) {
    throw new UsageError("Cannot run it so; usage: dbx remote ls | add NAME LOCATION | rm NAME");
  }
  if (action === "ls") {
    if (flag(parsed, "json")) context.stdout.json(remotes, 2);
    else for (const [name, { url }] of Object.entries(remotes)) context.stdout.line(`${name}\t${url}`);
    return 0;
  }
  await openReader(context.repo); // Settings belong to a repository that is there.
  if (action === "rm") {
    remoteNamed(remotes, name, context.repo);
    const { [name]: _, ...others } = remotes;
    writeRemotes(context.repo, others);
    return 0;
  }
  checkRemoteName(name);
  if (Object.hasOwn(remotes, name)) {
    throw new DbxError(
      `Cannot add the remote "${name}": it is there already, ${remotes[name].url}; dbx remote rm ${name} removes it`,
    );
  }
  const where = parseLocation(location, context.cwd);
  const token = text(parsed, "token-file");
  const tokenFile = token === undefined ? undefined : absolute(token, context.cwd);
  writeRemotes(context.repo, {
    ...remotes,
    [name]: { url: where.kind === "folder" ? where.path : location, tokenFile },
  });
  return 0;
}
