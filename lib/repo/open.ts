import { AlreadyExistsError, DamageError, DbxError, messageOf } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { LOCAL_FOLDER, MARKER_FILE } from "../format/layout/names.ts";
import {
  type RecoveredConfig,
  recoverRepositoryConfig,
  serializeRepositoryConfig,
} from "../format/definitions/repository_config.ts";
import { type SharedWith, shareRepository } from "../fs/access/shared_mode.ts";
import { LocalStore } from "../store/local/local_store.ts";
import type { Store } from "../store/store.ts";
import type { ListingCache } from "./cache/listing_cache.ts";
import { Repository } from "./repository.ts";
import { checkVersion0 } from "./version0.ts";

/** The file at the top of a repository. */
export const MARKER = MARKER_FILE;

/** What a copy remembers of its marker, for the case that it is damaged. */
export const MARKER_COPY = `${LOCAL_FOLDER}/marker.json`;

/** What a new repository has git leave alone: all of it. */
const GIT_IGNORE = ".gitignore";

/**
 * Opens a repository for reading: an absolute path or a store. Throws `NotFoundError` where there is none. One whose
 * marker is damaged is opened too, as long as its version is known; `markerProblem` then says so.
 */
export async function openReader(
  location: string | Store,
  options: { readonly catalogue?: ListingCache } = {},
): Promise<Repository> {
  const store = typeof location === "string" ? new LocalStore(location) : location;
  const marker = await readMarker(store);
  if (marker !== undefined) return repositoryOf(store, marker, options.catalogue);
  await checkVersion0(store);
  return new Repository(store, 0);
}

function repositoryOf(store: Store, marker: RecoveredConfig, catalogue?: ListingCache): Repository {
  return new Repository(store, 1, marker.id, catalogue, marker.problem);
}

/**
 * Makes a repository at an absolute path, or opens the one that is there.
 *
 * @param options `shared`: with whom a new one is shared; an existing one stays as it is.
 */
export async function initRepository(
  path: string,
  options: { readonly shared?: SharedWith; readonly catalogue?: ListingCache } = {},
): Promise<{ repository: Repository; created: boolean }> {
  const store = new LocalStore(path);
  let marker = await readMarker(store);
  let created = false;
  if (marker === undefined) {
    const stat = await store.stat("");
    if (stat !== undefined && stat.kind === "file") {
      throw new DbxError(`Cannot make a repository in "${path}": it is a file`);
    }
    // What a folder holds already may be in git on purpose.
    const isEmpty = await holdsNothing(store);
    if (options.shared !== undefined) shareRepository(path, options.shared);
    if (isEmpty) await createOnce(store, GIT_IGNORE, "*\n");
    try {
      await store.create(
        MARKER,
        new TextEncoder().encode(serializeRepositoryConfig({ id: newId(), createdAt: Date.now() })),
      );
      created = true;
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error; // Another process was first: use its marker.
    }
    marker = await readMarker(store);
  }
  if (marker?.id !== undefined && marker.problem === undefined && await store.stat(MARKER_COPY) === undefined) {
    await rememberMarker(store, marker.id, marker.createdAt ?? Date.now());
  }
  return { repository: repositoryOf(store, marker ?? {}, options.catalogue), created };
}

async function holdsNothing(store: LocalStore): Promise<boolean> {
  for await (const { name } of store.list("")) if (name !== LOCAL_FOLDER) return false;
  return true;
}

/** Keeps what the marker says in `.dbx` too. Not every writer may write there; it is done by the next one then. */
async function rememberMarker(store: LocalStore, id: string, createdAt: number): Promise<void> {
  try {
    await createOnce(store, MARKER_COPY, serializeRepositoryConfig({ id, createdAt }));
  } catch (error) {
    messageOf(error);
  }
}

/** Makes a small file, unless it is there. */
async function createOnce(store: LocalStore, name: string, text: string): Promise<void> {
  try {
    await store.create(name, new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
  }
}

/**
 * The marker of a store; undefined if there is none. Of a damaged one, what can be read, also from what the copy
 * remembers.
 *
 * @throws {DamageError} If its version is unknown.
 * @throws {VersionError} For a version that this program does not know.
 */
export async function readMarker(store: Store): Promise<RecoveredConfig | undefined> {
  if (await store.stat(MARKER) === undefined) return undefined;
  const path = `${store.location}/${MARKER}`;
  const found = recoverRepositoryConfig(new TextDecoder().decode(await store.read(MARKER)), path);
  if (found.problem === undefined) return found;
  const known = await rememberedMarker(store);
  if (found.version === undefined && known === undefined) {
    throw new DamageError(
      `${found.problem} Its version is unknown: if it is a repository of format v1, dbx check --repair-marker writes a new dbx.json`,
      { path: MARKER },
    );
  }
  return { ...found, version: 1, id: known?.id ?? found.id, createdAt: known?.createdAt ?? found.createdAt };
}

/** What this copy remembers of its marker; undefined where it does not. */
export async function rememberedMarker(store: Store): Promise<RecoveredConfig | undefined> {
  try {
    const known = recoverRepositoryConfig(new TextDecoder().decode(await store.read(MARKER_COPY)), MARKER_COPY);
    return known.problem === undefined ? known : undefined;
  } catch {
    return undefined;
  }
}
