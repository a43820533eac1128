import type { Side } from "./inventory/side.ts";
import { DamageError, GarbledError, messageOf, UnreachableError, UsageError } from "../base/errors.ts";
import { systemCode } from "../fs/disk_error.ts";
import { pause as pauseByClock } from "../base/time.ts";
import { inventoryMap, withBulkFallback } from "../store/bulk_fallback.ts";
import type { FileEntry, Store } from "../store/store.ts";
import { sync, type SyncOptions, type SyncReport } from "./sync.ts";
import { NOTHING, transfer } from "./transfer/transfer.ts";

/** How to follow. */
export interface WatchOptions extends SyncOptions {
  readonly signal: AbortSignal;
  /** Called after each round in which something moved or went wrong. */
  readonly onReport?: (report: SyncReport) => void;
  /** Called when a side cannot be reached; it is tried again. */
  readonly onTrouble?: (error: unknown) => void;
  /** Waits for milliseconds, or until the signal aborts. Default: by the clock. */
  readonly pause?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Milliseconds between two looks at least. */
const PAUSE = 200;
/** Of the time at most this part is spent on looking at everything; what was written lately is looked at meanwhile. */
const LOAD = 3;
/** A log that grew in the last so many milliseconds is about to grow. */
const HOT = 60_000;
/** Milliseconds after which all is looked at in any case, and after which a peer is asked that does not say when it has changed. */
const [REST, ASK] = [60_000, 5000];
/** Seconds that a peer may take to say that nothing has changed. */
const MAX_WAIT_SECONDS = 25;
/** Milliseconds to wait after trouble: the first time, and at most. */
const [INITIAL_BACKOFF_MS, MAX_BACKOFF_MS] = [500, 30_000];

/**
 * Synchronises again and again until the signal aborts: what is written on one side is on the other one within a
 * second. Trouble on the way (a lost connection, a full disk) is reported and the work is tried again; an error that no
 * repetition can fix rejects.
 */
export async function watch(a: Store, b: Store, options: WatchOptions): Promise<void> {
  const { signal, direction = "both", pause = pauseByClock } = options;
  let backoff = INITIAL_BACKOFF_MS;
  for (let isFirst = true; !signal.aborted;) {
    try {
      const hasPeer = a.capabilities.remote || b.capabilities.remote;
      // From before the look that synchronises: what is written meanwhile is news.
      const before = hasPeer ? await statesOf([a, b], signal) : [];
      const from = performance.now();
      const report = await sync(a, b, options);
      if (isFirst || report.sent.files + report.received.files + report.setbacks.length > 0) options.onReport?.(report);
      isFirst = false;
      backoff = INITIAL_BACKOFF_MS;
      const took = performance.now() - from;
      const isIdle = report.sent.files + report.received.files === 0;
      if (isIdle && hasPeer) await news([a, b], before, took, options);
      else if (took * LOAD <= 2 * PAUSE) await pause(PAUSE, signal);
      else await followHot(a, b, direction, performance.now() + took * LOAD, options);
    } catch (error) {
      if (signal.aborted) return;
      if (!isTrouble(error) && (isFirst || error instanceof UsageError || error instanceof DamageError)) throw error;
      options.onTrouble?.(error);
      await pause(backoff, signal);
      backoff = Math.min(MAX_BACKOFF_MS, backoff * 2);
    }
  }
}

/** What may be over soon: a connection that broke, a disk that is full. */
function isTrouble(error: unknown): boolean {
  return error instanceof UnreachableError || error instanceof GarbledError || systemCode(error) !== undefined ||
    /Cannot reach/.test(messageOf(error));
}

/**
 * Waits until a side may have something new. What is on this machine is looked at as often as ever; a peer says itself when it
 * has changed, or is asked every few seconds where it does not.
 */
async function news(
  stores: readonly [Store, Store],
  before: readonly (string | undefined)[],
  took: number,
  options: WatchOptions,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const { pause = pauseByClock } = options;
  const waits = [pause(REST, signal)];
  for (const [at, store] of stores.entries()) {
    if (!store.capabilities.remote) waits.push(nearNews(stores, at, before[at], took, { ...options, signal }));
    else if (at === 0 || options.direction !== "push") waits.push(farNews(store, pause, signal));
  }
  try {
    await Promise.race(waits);
  } finally {
    over.abort();
    await Promise.allSettled(waits);
  }
}

async function farNews(store: Store, pause: typeof pauseByClock, signal: AbortSignal): Promise<void> {
  if (store.hasNews === undefined) return await pause(ASK, signal);
  while (!signal.aborted) {
    const from = performance.now();
    if (await store.hasNews(MAX_WAIT_SECONDS, { signal })) return;
    // One that answers at once does not know how to wait.
    if (performance.now() - from < ASK) await pause(ASK, signal);
  }
}

async function nearNews(
  [a, b]: readonly [Store, Store],
  at: number,
  before: string | undefined,
  took: number,
  options: WatchOptions,
): Promise<void> {
  const { signal, direction = "both", pause = pauseByClock } = options;
  while (!signal.aborted) {
    const from = performance.now();
    const [now] = await statesOf([at === 0 ? a : b], signal);
    if (now !== before) return;
    const looked = performance.now() - from;
    if (looked * LOAD <= 2 * PAUSE) await pause(PAUSE, signal);
    else await followHot(a, b, direction, performance.now() + Math.max(looked, took) * LOAD, options);
  }
}

/** What changes when anything does, of each store on this machine. */
async function statesOf(stores: readonly Store[], signal: AbortSignal): Promise<(string | undefined)[]> {
  const states: (string | undefined)[] = [];
  for (const store of stores) states.push(store.capabilities.remote ? undefined : await stateOf(store, signal));
  return states;
}

async function stateOf(store: Store, signal: AbortSignal): Promise<string> {
  let files = 0, bytes = 0, times = 0, partial = 0;
  for await (const batch of withBulkFallback(store).listFiles({ signal })) {
    for (const { size = 0, modifiedAt = 0, changedAt = 0, partial: isPartial } of batch) {
      files++;
      bytes += size;
      times = (times + modifiedAt % 1e9 * 31 + changedAt % 1e9) % 1e15;
      if (isPartial) partial++;
    }
  }
  return [files, bytes, times, partial].join();
}

/** In a large repository: looks at the logs alone that are being written, until it is time to look at everything. */
async function followHot(
  a: Store,
  b: Store,
  direction: SyncOptions["direction"],
  until: number,
  options: WatchOptions,
): Promise<void> {
  const { signal, pause = pauseByClock } = options;
  const pairs = [[withBulkFallback(a), withBulkFallback(b)]];
  if (direction === "both") pairs.push([withBulkFallback(b), withBulkFallback(a)]);
  const hot: { source: Side; target: Side; names: string[] }[] = [];
  // A selection is made by a whole look only.
  for (const [source, target] of options.select === undefined ? pairs : []) {
    if (source.capabilities.remote) continue;
    const inventory = await inventoryMap(source, { signal });
    const names = [...inventory.values()].filter(isHot).map(({ name }) => name);
    if (names.length > 0) {
      hot.push({ source: { store: source, inventory }, target: { store: target, inventory }, names });
    }
  }
  while (!signal.aborted && performance.now() < until) {
    await pause(PAUSE, signal);
    for (const one of hot) {
      const proofs = await one.source.store.hashPrefixes(one.names.map((name) => ({ name, length: 0 })), { signal });
      const now = new Map<string, FileEntry>();
      const before = new Map<string, FileEntry>();
      for (const [at, name] of one.names.entries()) {
        const proof = proofs[at];
        const known = one.source.inventory.get(name)?.size ?? 0;
        if (proof === undefined || proof.lastLineEnd <= known) continue;
        now.set(name, { name, kind: "log", size: proof.lastLineEnd });
        before.set(name, { name, kind: "log", size: known });
      }
      if (now.size === 0) continue;
      const sent = await transfer(
        { store: one.source.store, inventory: now },
        { store: one.target.store, inventory: before },
        { signal, limit: options.limit },
      );
      one.source = { store: one.source.store, inventory: new Map([...one.source.inventory, ...now]) };
      if (sent.files > 0) {
        options.onReport?.({ sent, received: NOTHING, setbacks: sent.setbacks.filter(({ kind }) => kind !== "retry") });
      }
    }
  }
}

function isHot({ kind, modifiedAt }: FileEntry): boolean {
  return kind === "log" && modifiedAt !== undefined && Math.abs(Date.now() - modifiedAt) < HOT;
}
