import type { Inventory, Side } from "../inventory/side.ts";
import { purgedId, purgedIn, tombstoneBytes, tombstoneName } from "../../format/layout/tombstone.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { BulkOptions, BulkStore, FileChunk, FileIssue } from "../../store/store.ts";
import { referredObjects } from "./deletions.ts";
import { look } from "../inventory/take_inventory.ts";
import type { Wanted } from "./plan.ts";

/** What became of the tombstones of two sides. */
export interface Burials {
  /** Both sides, without what either of them has purged. */
  readonly sides: readonly Side[];
  /** Ids that a side purged now because the other one had; of a dry run, those that it would purge. */
  readonly purged: readonly [readonly string[], readonly string[]];
  /** Ids of which a side still holds something that the other one has purged. */
  readonly kept: readonly [readonly string[], readonly string[]];
  readonly setbacks: readonly FileIssue[];
}

/** How tombstones are exchanged. */
export interface BurialOptions extends BulkOptions {
  readonly direction?: "both" | "push";
  readonly purges?: boolean;
  readonly dryRun?: boolean;
}

const NONE: readonly [readonly string[], readonly string[]] = [[], []];

/**
 * Gives each side that gets something the tombstones that it lacks, before anything else: it then purges what they name. Where
 * something was purged, both sides are looked at again. What stands below an id that either side has purged is left out of the
 * inventories.
 */
export async function exchangeTombstones(sides: readonly Side[], options: BurialOptions): Promise<Burials> {
  const ids = sides.map(({ inventory }) => idsIn(inventory));
  if (ids.every(({ size }) => size === 0)) {
    return { sides, purged: NONE, kept: NONE, setbacks: [] };
  }
  const { direction = "both", purges = true, dryRun = false, signal } = options;
  const all = new Set([...ids[0], ...ids[1]]);
  const below = sides.map(({ inventory }) => namesBelow(inventory, all));
  const purged: [string[], string[]] = [[], []];
  const setbacks: FileIssue[] = [];
  let isChanged = false;
  for (const at of [1, 0] as const) {
    if (!purges || (at === 0 && direction === "push")) continue;
    const { store } = sides[at];
    const lacking = [...ids[1 - at]].filter((id) => !ids[at].has(id));
    if (store.capabilities.readOnly) continue;
    if (dryRun) {
      purged[at].push(...lacking);
      continue;
    }
    const there = new Set(below[at].values());
    if (lacking.length > 0) {
      const taken = await store.writeMany(partsOf(lacking), { signal });
      const reported = new Set(taken.setbacks.map(({ name }) => name));
      const took = lacking.filter((id) => !reported.has(tombstoneName(id)));
      purged[at].push(...took);
      isChanged ||= took.length > 0;
      if (isPlain(store)) await removeBelow(sides[at], new Set(took), { signal });
      // A client without the right to purge there need not have it, as long as there is nothing to purge.
      setbacks.push(
        ...taken.setbacks.filter(({ name, kind }) => kind !== "refused" || there.has(purgedId(name) ?? "")),
      );
    }
    // A program that did not know of the purge has continued to write.
    const again = store instanceof LocalStore ? [...there].filter((id) => ids[at].has(id)) : [];
    if (again.length === 0) continue;
    const { problems } = await (store as LocalStore).purge(again, { signal });
    isChanged = true;
    const [name] = again.map(tombstoneName);
    setbacks.push(...problems.map((message): FileIssue => ({ name, kind: "failed", message })));
  }
  const now = isChanged ? await look(sides[0].store, sides[1].store, { signal }) : sides;
  if (now.some(({ inventory }) => !idsIn(inventory).isSubsetOf(all))) {
    // Another process has purged more meanwhile.
    const more = await exchangeTombstones(now, options);
    const both = ([0, 1] as const).map((at) => [...purged[at], ...more.purged[at]]);
    return { ...more, purged: [both[0], both[1]], setbacks: [...setbacks, ...more.setbacks] };
  }
  const left = isChanged ? now.map(({ inventory }) => namesBelow(inventory, all)) : below;
  const would = dryRun ? purged : NONE;
  const [a, b] = left.map((names, at) => [...new Set(names.values()).difference(new Set(would[at]))]);
  return { sides: now.map((side, at) => without(side, left[at])), purged, kept: [a, b], setbacks };
}

/** Whether a store knows nothing of purges, but lets files be removed: neither a folder, which purges itself, nor a peer. */
function isPlain(store: BulkStore): boolean {
  return !(store instanceof LocalStore) && !store.capabilities.remote && store.capabilities.remove;
}

/** Removes what was purged from a plain store, and the objects that nothing else refers to. */
async function removeBelow(
  { store, inventory }: Side,
  ids: ReadonlySet<string>,
  options: BulkOptions,
): Promise<void> {
  const isPurged = (id: string) => ids.has(id);
  const gone = new Map([...inventory].filter(([name]) => purgedIn(name, isPurged) !== undefined));
  const left = new Map([...inventory].filter(([name]) => !gone.has(name)));
  const objects = await referredObjects({ store, inventory: gone }, undefined, options);
  const live = objects.size === 0 ? objects : await referredObjects({ store, inventory: left }, undefined, options);
  for (const name of gone.keys()) await store.remove(name);
  for (const name of objects) if (!live.has(name) && inventory.has(name)) await store.remove(name);
}

/** How many tombstones an inventory has. */
export function tombstonesIn(inventory: Inventory): number {
  return idsIn(inventory).size;
}

/** The ids of which an inventory has a tombstone. */
function idsIn(inventory: Inventory): Set<string> {
  const ids = new Set<string>();
  for (const name of inventory.keys()) {
    const id = purgedId(name);
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

/** The names in an inventory that stand below some ids, and which ids those are. */
function namesBelow(inventory: Inventory, ids: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  const isPurged = (id: string) => ids.has(id);
  for (const name of inventory.keys()) {
    const id = purgedIn(name, isPurged);
    if (id !== undefined) found.set(name, id);
  }
  return found;
}

/** A side without some names. */
function without({ store, inventory }: Side, names: ReadonlyMap<string, string>): Side {
  if (names.size === 0) return { store, inventory };
  const left = new Map([...inventory].filter(([name]) => !names.has(name)));
  return { store, inventory: left, leftovers: new Map([...inventory].filter(([name]) => names.has(name))) };
}

/** Tombstones as they are sent. */
async function* partsOf(ids: readonly string[]): AsyncGenerator<readonly FileChunk[], void> {
  yield await Promise.resolve(ids.map((id): FileChunk => {
    const bytes = tombstoneBytes(id);
    return { name: tombstoneName(id), offset: 0, bytes, end: true, size: bytes.length };
  }));
}

/** Leaves objects where they are that only something refers to that was purged, and that the source has not removed. */
export async function leaveObjectsOf(
  { store, inventory, leftovers }: Side,
  wanted: Map<string, Wanted>,
  options: BulkOptions,
): Promise<void> {
  if (leftovers === undefined || leftovers.size === 0) return;
  if (!wanted.values().some(({ kind }) => kind === "object")) return;
  const { signal } = options;
  const only = await referredObjects({ store, inventory: leftovers }, undefined, { signal });
  if (!only.values().some((name) => wanted.has(name))) return;
  const live = await referredObjects({ store, inventory }, undefined, { signal });
  for (const name of only) if (!live.has(name)) wanted.delete(name);
}
