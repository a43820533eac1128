import { DbxError, UsageError } from "../../base/errors.ts";
import type { Repository } from "../../repo/repository.ts";
import type { LocationEnvironment, LocationPermissions, OpenedStore, Opening, Scheme } from "./scheme.ts";
import { type Location, SCHEMES } from "./schemes/registry.ts";

export type { Location } from "./schemes/registry.ts";

/**
 * What a user means by a location: `http(s)://host`, `ssh://user@host:port/path`, `user@host:path` as scp writes it, a
 * `file:` URL, or a path.
 *
 * @param cwd The absolute path that a relative one begins at.
 * @throws {UsageError}
 */
export function parseLocation(text: string, cwd: string): Location {
  for (const scheme of SCHEMES) {
    const location = scheme.parse(text, cwd);
    if (location !== undefined) return location;
  }
  throw new UsageError(
    `Cannot use "${text}" as a location: dbx knows ${SCHEMES.map(({ forms }) => forms).join(", ")}`,
  );
}

/** The scheme of a location. */
export function schemeOf({ kind }: Location): Scheme<Location> {
  return SCHEMES.find((scheme) => scheme.kind === kind)!;
}

/** A location as settings and messages name it: an absolute path, a URL, or what the user wrote. */
export function addressOf(location: Location, text: string): string {
  return schemeOf(location).address(location) ?? text;
}

/** What reaching a repository needs. `writes`: it gets something. */
export function locationPermissions(
  location: Location,
  environment: LocationEnvironment,
  writes: boolean,
): LocationPermissions {
  return schemeOf(location).permissions(location, environment, writes);
}

/** Opens the files of a repository, to synchronise them. */
export async function openLocationStore(location: Location, opening: Opening): Promise<OpenedStore> {
  return await schemeOf(location).openStore(location, opening);
}

/** Opens a repository to read experiments. */
export async function openLocation(location: Location, opening: Opening): Promise<Repository> {
  const scheme = schemeOf(location);
  if (scheme.openReader === undefined) throw new DbxError(`Cannot read ${opening.name ?? "it"}: ${onlySync(location)}`);
  return await scheme.openReader(location, opening);
}

/** Whether a repository can be read without a copy of it. */
export function isReadable(location: Location): boolean {
  return schemeOf(location).openReader !== undefined;
}

/** What to do about a repository that can only be synchronised with. */
export function onlySync(location: Location): string {
  return `over ${location.kind}, only dbx clone, push, pull and sync reach a repository; a path with a colon begins with ./`;
}
