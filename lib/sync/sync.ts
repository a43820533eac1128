import type { Inventory, Side } from "./inventory/side.ts";
import { AlreadyExistsError, NotFoundError, UsageError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { recoverRepositoryConfig, serializeRepositoryConfig } from "../format/definitions/repository_config.ts";
import { MARKER_FILE } from "../format/layout/names.ts";
import { readMarker as markerOf } from "../repo/open.ts";
import { withBulkFallback } from "../store/bulk_fallback.ts";
import { LocalStore } from "../store/local/local_store.ts";
import type { BulkStore, FileIssue, Store } from "../store/store.ts";
import { checkApart } from "./check_apart.ts";
import { look } from "./inventory/take_inventory.ts";
import { exchangeTombstones } from "./transfer/purges.ts";
import { deletedExperiments, referredObjects } from "./transfer/deletions.ts";
import { selectExperiments, type Selection, selects } from "./select.ts";
import {
  clockOf,
  type Made,
  rememberComparison,
  type Trust,
  trustOf,
  wereComparedWithin,
} from "./transfer/last_comparison.ts";
import { isRetried, NOTHING, transfer, type TransferOptions, type Transferred } from "./transfer/transfer.ts";

/** How to synchronise. */
export interface SyncOptions extends Omit<TransferOptions, "experiments" | "objects" | "skip" | "trust"> {
  /** `both` (default): each side gets what the other has. `push`: only from the first to the second. */
  readonly direction?: "both" | "push";
  /** Which experiments are meant, and with them the objects that they refer to. Default: all. */
  readonly select?: Selection;
  /** `false`: no objects, which a later call can bring. Default true. */
  readonly objects?: boolean;
  /** Make the second repository where there is none; `false`: that is a `NoRepositoryError`. Default true. */
  readonly create?: boolean;
  /** `false`: neither side takes tombstones of the other one, and so nothing is purged. Default true. */
  readonly purges?: boolean;
}

/** There is no repository at a place where one must be. */
export class NoRepositoryError extends NotFoundError {
  override name = "NoRepositoryError";
  constructor(readonly location: string) {
    super(`Cannot synchronise with the repository "${location}": it does not exist; dbx init creates it`);
  }
}

/** What a synchronisation did. */
export interface SyncReport {
  /** From the first to the second. */
  readonly sent: Transferred;
  /** From the second to the first; nothing where the direction is `push`. */
  readonly received: Transferred;
  /** What is not equal now though it should be; empty: all is well. */
  readonly setbacks: readonly FileIssue[];
  /** Ids of what the first side purged because the second one had, and the other way round; of a dry run, what they would. */
  readonly purged?: readonly [a: readonly string[], b: readonly string[]];
  /** Ids of what is still on a side though the other one purged it: the direction, or `purges`, leaves it there. */
  readonly kept?: readonly [a: readonly string[], b: readonly string[]];
}

/** The definition of a run, or a log of one. */
const RUN_OF_VERSION_1 = /(^|\/)[0-9a-zA-Z_]{13}\/runs\/[0-9a-zA-Z_]{13}\/(meta\.json|[^/]+\.jsonl)$/;

/** Milliseconds after which it is worth saying that nothing has changed. */
const REMEMBER_MS = 60_000;

/** Looks again when something changed while it was sent; so many times. */
const ROUNDS = 4;

/**
 * Makes two repositories equal (or the second one have all that the first has): files that one lacks are copied, and
 * logs of which one has only the beginning are continued. Nothing is ever overwritten, and nothing else removed. It can
 * be cut at any moment and repeated; where there is nothing to do it moves nothing. What one side has purged goes on
 * the other one too. The rules are in `lib/docs/SYNC.md`.
 *
 * @param b A folder that is not a repository yet becomes one.
 * @returns What was moved. Files that differ where they must not (`diverged`), and others that could not be moved, are
 * in `setbacks`; all others were moved nevertheless.
 * @throws {NoRepositoryError} Where there is no repository to read from.
 * @throws {UsageError} Where both are one folder, or one lies inside the other.
 * @throws {DbxError} Where a side can be written no more (a full disk, a lost connection).
 *
 * Permissions: read on folders, write on those that get something, net for URLs.
 */
export async function sync(a: Store, b: Store, options: SyncOptions = {}): Promise<SyncReport> {
  const [first, second] = [a, b].map((side) => withBulkFallback(side));
  const { signal, onProgress } = options;
  if (first instanceof LocalStore && second instanceof LocalStore) checkApart(first.location, second.location);
  let sent = NOTHING, received = NOTHING;
  const purged = [new Set<string>(), new Set<string>()] as const;
  for (let round = 1;; round++) {
    onProgress?.({ phase: "listing", done: 0, total: 0 });
    const now = clockOf(first, second)();
    const trust = trustOf(first, second);
    const looked = await look(first, second, { signal, fresh: options.verify });
    if (round === 1) await checkMarkers(looked, options);
    const { sides, ...burials } = await exchangeTombstones(looked, options);
    for (const at of [0, 1]) for (const id of burials.purged[at]) purged[at].add(id);
    const [forth, back] = await once(sides, { ...options, trust });
    sent = sum(sent, forth);
    received = sum(received, back);
    const setbacks = unique([...burials.setbacks, ...forth.setbacks, ...back.setbacks]);
    const isDone = !isRetried(setbacks);
    // Of a part of the repositories only that part would be known.
    const isAll = !options.dryRun && !options.objectsOnly && (options.select === undefined || !selects(options.select));
    if (isDone && isAll) {
      const isNews = forth.compared.size + sent.files + received.files > 0;
      if (isNews || !wereComparedWithin(first, second, REMEMBER_MS)) {
        rememberComparison(first, second, now, madeBy(sides, forth, back));
      }
    }
    if (isDone || round === ROUNDS) {
      return { sent, received, setbacks, purged: [[...purged[0]], [...purged[1]]], kept: burials.kept };
    }
  }
}

/** One round in both directions, or in one. Of a selection the objects go last: only then it is known which ones they are. */
async function once(
  sides: readonly Side[],
  options: SyncOptions & Pick<TransferOptions, "trust">,
): Promise<[Transferred, Transferred]> {
  const { select, signal, objects = true, direction = "both" } = options;
  const go = async (sides: readonly Side[], scope: TransferOptions): Promise<[Transferred, Transferred]> => {
    const forth = await transfer(sides[0], sides[1], scope);
    if (direction !== "both") return [forth, NOTHING];
    const { trust } = scope;
    const swapped: Trust | undefined = trust && ((entry, other) => trust(other, entry));
    return [
      forth,
      await transfer(sides[1], sides[0], { ...scope, verify: false, skip: forth.compared, trust: swapped }),
    ];
  };
  if (select === undefined || !selects(select)) return await go(sides, options);
  const experiments = await selectExperiments(sides, select, signal);
  const first: [Transferred, Transferred] = options.objectsOnly
    ? [NOTHING, NOTHING]
    : await go(sides, { ...options, experiments, objects: false });
  if (!objects) return first;
  const moved = !options.dryRun && first.some(({ files }) => files > 0);
  const now = moved ? await look(sides[0].store, sides[1].store, { signal }) : sides;
  // A near side has all logs by now, so the other one need not be read; a dry run moved none.
  const near = now.filter(({ store }) => !store.capabilities.remote);
  const read = options.dryRun ? now : near.length > 0 ? near.slice(0, 1) : now.slice(0, 1);
  const deleted = await deletedExperiments(now, experiments, { signal });
  const referred = new Set<string>();
  for (const side of read) {
    const isLive = (folder: string) => experiments(folder) && !deleted.has(folder);
    for (const name of await referredObjects(side, isLive, { signal })) referred.add(name);
  }
  const second = await go(now, { ...options, experiments, objects: referred, objectsOnly: true });
  return [both(first[0], second[0]), both(first[1], second[1])];
}

/** The files that a round made on either side, and how it left them. */
function madeBy([a, b]: readonly Side[], forth: Transferred, back: Transferred): Made {
  const made = new Map<string, readonly [number | undefined, number | undefined]>();
  for (const [name, at] of forth.changedAt ?? []) made.set(name, [a.inventory.get(name)?.changedAt, at]);
  for (const [name, at] of back.changedAt ?? []) made.set(name, [at, b.inventory.get(name)?.changedAt]);
  return made;
}

/** Two steps of one round. */
function both(a: Transferred, b: Transferred): Transferred {
  const planned = [...a.planned ?? [], ...b.planned ?? []];
  const setbacks = [...a.setbacks, ...b.setbacks];
  return { ...sum(a, b), planned: a.planned && planned, setbacks };
}

function sum(before: Transferred, now: Transferred): Transferred {
  return {
    files: before.files + now.files,
    bytes: before.bytes + now.bytes,
    experiments: before.experiments + now.experiments,
    planned: now.planned,
    setbacks: now.setbacks,
    compared: now.compared,
    changedAt: now.changedAt,
  };
}

/** Both directions meet the same divergence; it is reported once. */
function unique(setbacks: readonly FileIssue[]): FileIssue[] {
  const seen = new Map<string, FileIssue>();
  for (const setback of setbacks) {
    const key = `${setback.kind} ${setback.name}`;
    if (!seen.has(key)) seen.set(key, setback);
  }
  return [...seen.values()];
}

/** Refuses versions that this program does not know, and gives a new repository its marker. */
async function checkMarkers(sides: readonly Side[], options: SyncOptions): Promise<void> {
  const markers = await Promise.all(sides.map(({ store, inventory }) => readMarker(store, inventory)));
  const isNew = sides.map(({ inventory }, at) => markers[at] === undefined && inventory.size === 0);
  const missing = isNew.indexOf(true);
  if (
    missing >= 0 && (missing === 0 || options.create === false)
  ) {
    throw new NoRepositoryError(sides[missing].store.location);
  }
  checkVersions(markers[0], sides[0], sides[1]);
  if (options.direction !== "push") checkVersions(markers[1], sides[1], sides[0]);
  for (const [at, side] of sides.entries()) if (markers[at] === undefined) checkVersion0(side);
  const marker = markers[1 - missing];
  if (missing < 0 || options.dryRun) return;
  await sides[missing].store.prepare?.();
  if (marker === undefined) return; // Version 0 has none.
  try {
    await sides[missing].store.create(MARKER_FILE, marker);
  } catch (error) {
    if (!(error instanceof AlreadyExistsError)) throw error;
  }
}

async function readMarker(store: BulkStore, inventory: Inventory): Promise<Uint8Array | undefined> {
  if (!inventory.has(MARKER_FILE)) return undefined;
  const bytes = await store.read(MARKER_FILE);
  const { problem } = recoverRepositoryConfig(new TextDecoder().decode(bytes), `${store.location}/${MARKER_FILE}`);
  if (problem === undefined) return bytes;
  // A damaged one is read as far as it can be, and does not spread.
  const { id = newId(), createdAt = Date.now() } = await markerOf(store) ?? {};
  return new TextEncoder().encode(serializeRepositoryConfig({ id, createdAt }));
}

/** A copy of what has lost its marker would be of v0, with v1 experiments in it. */
function checkVersion0({ store, inventory }: Side): void {
  const run = inventory.keys().find((name) => RUN_OF_VERSION_1.test(name));
  if (run === undefined) return;
  throw new UsageError(
    `Cannot synchronise ${store.location}: it has no ${MARKER_FILE}, so it is in format v0, but "${run}" is in format v1; ` +
      `restore its ${MARKER_FILE}, or run dbx init there, which does not change its contents`,
  );
}

/** A v0 repository has no place for v1 experiments; the other way round is fine. */
function checkVersions(marker: Uint8Array | undefined, source: Side, target: Side): void {
  if (marker === undefined || target.inventory.has(MARKER_FILE)) return;
  if (target.inventory.size === 0) return;
  if (!target.inventory.values().some(({ kind }) => kind !== "object")) return;
  throw new UsageError(
    `Cannot synchronise ${source.store.location} with ${target.store.location}: the latter is in format v0, which cannot ` +
      `hold v1 experiments; run dbx init there first, which does not change its contents`,
  );
}
