import type { Store } from "../../store/store.ts";
import type { SyncOptions, SyncReport } from "../../sync/sync.ts";
import type { WatchOptions } from "../../sync/watch.ts";
import { openStore } from "./open_store.ts";

/**
 * Makes two repositories equal (or the second one have all that the first has): files that one lacks are copied, and logs
 * of which one has only the beginning are continued. Nothing is ever overwritten, and nothing else removed. It can be cut
 * at any moment and repeated. The rules are in `lib/docs/SYNC.md`.
 *
 * @param a A store, or a location: a path, the URL of a `dbx serve`, `ssh://host/path`, or `host:path`. A server gets its token as
 * with `openRepository`.
 * @param b The same. A folder that is not a repository yet becomes one.
 * @returns What was moved. Files that differ where they must not (`diverged`), and others that could not be moved, are in
 * `setbacks`; all others were moved nevertheless.
 * @throws {NoRepositoryError} Where there is no repository to read from.
 * @throws {UsageError} Where both are one folder, or one lies inside the other.
 * @throws {DbxError} Where a side can be written no more (a full disk, a lost connection).
 *
 * Permissions: read on folders, write on those that get something, net for URLs, run for ssh.
 */
export async function sync(a: Store | string, b: Store | string, options: SyncOptions = {}): Promise<SyncReport> {
  const { sync } = await import("../../sync/sync.ts");
  return await withStores(a, b, (a, b) => sync(a, b, options));
}

/**
 * Synchronises again and again until the signal aborts: what is written on one side is on the other one within a
 * second. Trouble on the way (a lost connection, a full disk) is reported and the work is tried again; an error that no
 * repetition can fix rejects.
 *
 * @param a As of {@linkcode sync}. @param b The same.
 */
export async function watch(a: Store | string, b: Store | string, options: WatchOptions): Promise<void> {
  const { watch } = await import("../../sync/watch.ts");
  await withStores(a, b, (a, b) => watch(a, b, options));
}

/** Opens what is a location, for some work, and closes its connections afterwards. */
async function withStores<T>(
  a: Store | string,
  b: Store | string,
  work: (a: Store, b: Store) => Promise<T>,
): Promise<T> {
  await using opened = new AsyncDisposableStack();
  const open = async (side: Store | string): Promise<Store> => {
    if (typeof side !== "string") return side;
    const store = await openStore(side);
    opened.defer(async () => await store[Symbol.asyncDispose]?.());
    return store;
  };
  return await work(await open(a), await open(b));
}
