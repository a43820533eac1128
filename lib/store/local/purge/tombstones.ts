import { PURGED_FOLDER } from "../../../format/layout/names.ts";
import { TIMESTAMP_GRANULARITY_MS } from "../../../fs/files/timestamps.ts";
import { AlreadyExistsError, NotFoundError, UsageError } from "../../../base/errors.ts";
import { isTombstone, purgedId, purgedIn, tombstoneBytes, tombstoneName } from "../../../format/layout/tombstone.ts";
import { createFile } from "../../../fs/files/atomic_file.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";

/** What is said of something that was purged. */
export const GONE = "it was purged permanently";

/** What was asked for, or was to be written, was purged. */
export class PurgedError extends NotFoundError {
  override name = "PurgedError";
}

/** Whether a name stands below an experiment or run that was purged in a folder. */
export function isPurgedHere(root: RootFolder, name: string): boolean {
  return purgedIn(name, (id) => hasTombstone(root, id)) !== undefined;
}

/** Refuses to write a name that stands below one that was purged. */
export function checkNotPurged(root: RootFolder, name: string): void {
  if (isPurgedHere(root, name)) throw new PurgedError(`Cannot write "${name}": ${GONE}`);
}

/** Whether a folder has the tombstone of an id. */
export function hasTombstone(root: RootFolder, id: string): boolean {
  try {
    return root.lstat(tombstoneName(id))?.isFile === true;
  } catch (error) {
    if (error instanceof LinkError) return false;
    throw error;
  }
}

/** The ids of which a folder has a tombstone. */
export function purgedIds(root: RootFolder): Set<string> {
  const ids = new Set<string>();
  try {
    for (const { name, isFile } of root.list(PURGED_FOLDER)) {
      const id = isFile ? purgedId(`${PURGED_FOLDER}/${name}`) : undefined;
      if (id !== undefined) ids.add(id);
    }
  } catch (error) {
    if (!isAbsent(error) && !(error instanceof LinkError)) throw error;
  }
  return ids;
}

/** Makes the tombstone of an id durably, where there is none. Whether it is new. */
export function placeTombstone(root: RootFolder, id: string): boolean {
  const name = tombstoneName(id);
  if (hasTombstone(root, id)) return false;
  root.makeFolder(PURGED_FOLDER);
  try {
    createFile(root, name, tombstoneBytes(id));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return false;
    throw error;
  }
}

/** The id of a tombstone that is to be made. Throws if the file is not one, or exists. */
export function newTombstone(root: RootFolder, name: string, data: Uint8Array | ReadableStream<Uint8Array>): string {
  if (!(data instanceof Uint8Array) || !isTombstone(name, data)) {
    throw new UsageError(`Cannot make "${name}": its contents are not those of a tombstone`);
  }
  const id = purgedId(name)!;
  if (hasTombstone(root, id)) throw new AlreadyExistsError(`"${name}" exists in ${root.path}`);
  return id;
}

/** The tombstones of a folder, which are listed again only where there may be new ones: for many questions. */
export class Tombstones {
  #ids: ReadonlySet<string> = new Set();
  #seen = "";
  /** Those that are about to be made. */
  readonly #coming = new Set<string>();
  readonly #known: number;

  /** `known`: how many a client has seen there. Default: as many as there are now. */
  constructor(readonly root: RootFolder, known?: number) {
    this.look();
    this.#known = known ?? this.#ids.size;
  }

  /** Whether there are more than were known, by the last look. */
  get areMore(): boolean {
    return this.#ids.size > this.#known;
  }

  /** Looks for new ones. */
  look(): void {
    const info = this.root.lstat(PURGED_FOLDER);
    const time = info?.mtime?.getTime() ?? 0;
    const seen = info === undefined ? "" : `${info.dev} ${info.ino} ${time}`;
    if (seen === this.#seen && Math.abs(this.root.now() - time) > TIMESTAMP_GRANULARITY_MS) return;
    this.#ids = info === undefined ? new Set() : purgedIds(this.root);
    this.#seen = seen;
  }

  /** Whether a name stands below one that was purged, by the last look. */
  isPurged(name: string): boolean {
    if (this.#ids.size === 0 && this.#coming.size === 0) return false;
    return purgedIn(name, (id) => this.#ids.has(id) || this.#coming.has(id)) !== undefined;
  }

  /** From now on, what stands below this id counts as purged: its tombstone has come, and is made when all else is done. */
  add(id: string): void {
    this.#coming.add(id);
  }
}
