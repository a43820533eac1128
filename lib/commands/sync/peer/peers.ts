import { NotFoundError } from "../../../base/errors.ts";
import { absolute, isBelow } from "../../../base/paths.ts";
import { didYouMean } from "../../../base/suggest.ts";
import type { CommandEnvironment, Context, PermissionSet } from "../../../cli/command.ts";
import { openingOf } from "../../../cli/repository/opening.ts";
import { type Location, openLocationStore, parseLocation } from "../../../client/location/location.ts";
import { allRemotes, remoteNamed } from "../../../client/location/remotes.ts";
import type { OpenedStore } from "../../../client/location/scheme.ts";
import { tokensFor } from "../../../client/location/tokens.ts";
import { lstatIfThere } from "../../../fs/files/lstat.ts";
import { checkApart } from "../../../sync/check_apart.ts";

/** A repository that a command line names, and how it is reached. */
export interface Peer {
  /** What the user called it. */
  readonly name: string;
  readonly location: Location;
  /** Where the settings of a repository say this of the name: what they call its place. */
  readonly remote?: string;
}

/** Where words are read: the repository and the folder of a command line, and the remotes of settings. */
type Place = Pick<CommandEnvironment, "repo" | "cwd" | "remotes">;

/** The repository that a word means: the name of a remote of `repo`, else a location. */
export function peerOf(word: string, place: Place): Peer {
  const remotes = allRemotes(place);
  const known = Object.hasOwn(remotes, word) ? remotes[word] : undefined;
  const { repo, cwd } = place;
  // What the user's own settings say is as if it had been typed.
  if (known?.isOwn) return { name: word, location: parseLocation(known.url, cwd) };
  return {
    name: word,
    location: parseLocation(known?.url ?? word, known === undefined ? cwd : repo),
    remote: known?.url,
  };
}

/**
 * The repository that `repo` is synchronised with: that of a word, else the remote `origin`.
 *
 * @throws {UsageError} Where no word is given and the remote `origin` does not exist.
 */
export function otherPeer(word: string | undefined, place: Place): Peer {
  if (word === undefined) remoteNamed(allRemotes(place), "origin", place.repo);
  return peerOf(word ?? "origin", place);
}

/** The tokens for peers. `tokenFile`: what the command line names as such. */
export function peerTokens(
  peers: readonly Peer[],
  environment: CommandEnvironment,
  options: { readonly tokenFile?: string; readonly insecure?: boolean },
): PermissionSet {
  const servers = peers.flatMap(({ location, remote }) =>
    location.kind === "http" ? [{ url: location.url, isNamed: remote === undefined }] : []
  );
  const tokenFile = options.tokenFile === undefined ? undefined : absolute(options.tokenFile, environment.cwd);
  return { tokens: tokensFor(servers, { env: environment.env, insecure: options.insecure, tokenFile }) };
}

/** Refuses two folders that are one, or of which one lies inside the other. */
export function checkPeersApart(a: Peer, b: Peer): void {
  if (a.location.kind === "folder" && b.location.kind === "folder") checkApart(a.location.path, b.location.path);
}

/**
 * Refuses a word that can only be meant as the name of a remote: there is none of that name, and a folder of that name, which does
 * not exist, would lie inside the repository.
 *
 * @throws {NotFoundError}
 */
export function checkNames(peers: readonly Peer[], place: Place): void {
  for (const { name, location, remote } of peers) {
    if (remote !== undefined || location.kind !== "folder" || !/^[\w][\w.-]*$/.test(name)) continue;
    const { path } = location;
    if (!isBelow(path, place.repo) || lstatIfThere(path) !== undefined) continue;
    const known = knownRemotes(name, Object.keys(allRemotes(place)));
    throw new NotFoundError(
      `Cannot find "${name}": it is not a remote, and there is no repository at ${path}, where none can be: it lies inside ${place.repo}${known}`,
    );
  }
}

/** For an error about a word that is not a remote: which ones there are. */
export function knownRemotes(word: string, remotes: readonly string[]): string {
  if (remotes.length === 0) return "; there are no remotes: dbx remote add NAME LOCATION adds one";
  return didYouMean(word, remotes) || `; the remotes are ${remotes.join(", ")}`;
}

/** Opens the store of a peer. `remoteDbx`: the program on the other side of ssh. */
export async function openPeer({ name, location }: Peer, context: Context, remoteDbx?: string): Promise<OpenedStore> {
  return await openLocationStore(location, { ...openingOf(context), name, remoteDbx });
}
