import { DbxError } from "../../../base/errors.ts";
import { ConfirmedRemotes } from "../../../client/location/confirmed_remotes.ts";
import type { CommandEnvironment, Context, PermissionSet } from "../../../cli/command.ts";
import { ask } from "../../../cli/ask.ts";
import type { Peer } from "./peers.ts";

/** What is needed to see whether remotes of a repository are confirmed, and to ask and remember it where one is not. */
export function confirmPermissions(peers: readonly Peer[], environment: CommandEnvironment): PermissionSet {
  const confirmed = new ConfirmedRemotes(environment.env);
  const remotes = peers.flatMap(({ remote }) => remote ?? []);
  if (confirmed.path === undefined || remotes.length === 0) return {};
  if (remotes.every((remote) => confirmed.has(environment.repo, remote))) return { read: [confirmed.path] };
  return rememberPermissions(environment);
}

/** What is needed to remember that a remote is confirmed. */
export function rememberPermissions(environment: CommandEnvironment): PermissionSet {
  const { path } = new ConfirmedRemotes(environment.env);
  return path === undefined ? {} : { read: [path], write: [path], make: [path] };
}

/**
 * Goes on with a repository's remote only if the user confirmed it, or does so now on a terminal: the settings of a
 * repository from somebody else may send local data anywhere, or fetch anything.
 */
export async function confirmRemote(context: Context, peer: Peer, verb: string): Promise<void> {
  const { name, remote } = peer;
  if (remote === undefined) return;
  const confirmed = new ConfirmedRemotes(context.env);
  if (confirmed.has(context.repo, remote)) return;
  const unknown = `the remote "${name}" of ${context.repo} is ${remote}, and you have not confirmed it`;
  const why = confirmed.path === undefined
    ? "; set HOME or XDG_CONFIG_HOME, so that dbx can remember your confirmation"
    : "";
  if (confirmed.path === undefined || !context.stdin.isTerminal || !context.stderr.isTerminal) {
    throw new DbxError(`Cannot ${verb}: ${unknown}${why}; to confirm it: dbx remote trust ${name}`);
  }
  context.stderr.line(`dbx: ${unknown}`);
  const answer = await ask(context, "Use it, and remember that you confirmed it? [y/N] ");
  if (!/^y(es)?$/i.test(answer.trim())) throw new DbxError(`Cannot ${verb}: the remote is not confirmed`);
  confirmed.add(context.repo, remote);
}
