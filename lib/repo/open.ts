import { DbxError, NotFoundError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { parseMarker, serializeMarker } from "../format/marker.ts";
import { LocalStore } from "../store/local.ts";
import type { Store } from "../store/store.ts";
import type { Catalogue } from "./catalogue.ts";
import { Repository } from "./repository.ts";

/** The file at the top of a repository. */
export const MARKER = "dbx.json";

/** Opens a repository for reading: an absolute path or a store. Throws `NotFoundError` where there is none. */
export async function openReader(
  location: string | Store,
  options: { readonly catalogue?: Catalogue } = {},
): Promise<Repository> {
  const store = typeof location === "string" ? new LocalStore(location) : location;
  const marker = await readMarker(store);
  if (marker !== undefined) return new Repository(store, 1, marker.id, options.catalogue);
  const version0 = new Repository(store, 0);
  for await (const _ of version0.experiments()) return new Repository(store, 0);
  if (version0.problems.length > 0) return version0;
  throw new NotFoundError(
    `Cannot open the repository "${store.location}": there is none; make one with "dbx init", or name another with --repo or DBX_REPO`,
  );
}

/** Makes a repository at an absolute path, or opens the one that is there. */
export async function initRepository(path: string): Promise<{ repository: Repository; created: boolean }> {
  const store = new LocalStore(path);
  let marker = await readMarker(store);
  const created = marker === undefined;
  if (marker === undefined) {
    const stat = await store.stat("");
    if (stat !== undefined && stat.kind === "file") {
      throw new DbxError(`Cannot make a repository in "${path}": it is a file`);
    }
    try {
      await store.create(MARKER, new TextEncoder().encode(serializeMarker({ id: newId(), createdAt: Date.now() })));
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error; // Another process was first: use its marker.
    }
    marker = await readMarker(store);
  }
  return { repository: new Repository(store, 1, marker?.id), created };
}

/** The marker of a store; undefined where there is none. */
export async function readMarker(store: Store): Promise<{ id: string } | undefined> {
  if (await store.stat(MARKER) === undefined) return undefined;
  return parseMarker(new TextDecoder().decode(await store.read(MARKER)), `${store.location}/${MARKER}`);
}
