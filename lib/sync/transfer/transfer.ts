import { parentOf } from "../../base/paths.ts";
import { experimentOfFolder, experimentOfNotes, isNotesFile } from "../../format/layout/name_tests.ts";
import type { Side } from "../inventory/side.ts";
import { NO_LONGER } from "../../store/local/bulk_read.ts";
import { GONE } from "../../store/local/purge/tombstones.ts";
import type { BulkStore, FileChunk, FileIssue, ReadRange } from "../../store/store.ts";
import { collectedAtTarget, GivenWithout } from "./collected.ts";
import { compare } from "./compare.ts";
import { deletedExperiments, referredObjects } from "./deletions.ts";
import { hashedParts, hashLargeFiles } from "./large_files.ts";
import { withProgress } from "../../store/wrappers/progress_store.ts";
import { withRateLimit } from "../../store/wrappers/rate_limited_store.ts";
import { sealedParts } from "./sealed_chunks.ts";
import { leaveObjectsOf, tombstonesIn } from "./purges.ts";
import { experimentFinder, makePlan, rank, type Scope, type Wanted } from "./plan.ts";
import { SealComparison } from "./verify_seals.ts";

/** How far a transfer has come. */
export interface Progress {
  readonly phase: "listing" | "comparing" | "sending";
  /** Of the phase: files compared, or bytes sent. */
  readonly done: number;
  readonly total: number;
}

/** How to transfer. */
export interface TransferOptions extends Scope {
  readonly dryRun?: boolean;
  /** Files that need not be compared. */
  readonly skip?: ReadonlySet<string>;
  /** Bytes a second. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What went from one store to another. */
export interface Transferred {
  /** Files that were made or grew, and the bytes of them; of a dry run, those that would be. */
  readonly files: number;
  readonly bytes: number;
  /** New experiments. */
  readonly experiments: number;
  /** What would be sent, by name; of a dry run only. */
  readonly planned?: readonly string[];
  readonly setbacks: readonly FileIssue[];
  /** Files that were compared, and of which the target has nothing that the source lacks. */
  readonly compared: ReadonlySet<string>;
  /** `changedAt` of the files that were made, as they were left. */
  readonly changedAt?: ReadonlyMap<string, number>;
}

/** What a transfer says that moved nothing. */
export const NOTHING: Transferred = { files: 0, bytes: 0, experiments: 0, setbacks: [], compared: new Set() };

/** Brings a target what a source has and it has not. What the target alone has stays as it is. */
export async function transfer(source: Side, target: Side, options: TransferOptions = {}): Promise<Transferred> {
  const { signal, onProgress } = options;
  const { skip } = options;
  const plan = makePlan(source.inventory, target.inventory, options);
  const pairs = skip === undefined ? plan.compare : plan.compare.filter(({ name }) => !skip.has(name));
  const compared = await compare(source.store, target.store, pairs, {
    signal,
    onProgress: (done, total) => onProgress?.({ phase: "comparing", done, total }),
  });
  const names = new Set([...compared.same, ...[...compared.wants, ...compared.setbacks].map(({ name }) => name)]);
  const wanted = new Map<string, Wanted>();
  for (const { entry, offset } of plan.missing) {
    const { name, kind, size } = entry;
    wanted.set(name, { want: { name, offset }, kind, size: size - offset });
  }
  for (const want of compared.wants) {
    const { kind, size } = source.inventory.get(want.name)!;
    wanted.set(want.name, { want, kind, size: Math.max(0, size - want.offset) });
  }
  if (wanted.size > 0) await leaveDeleted(source, target, wanted, options);
  if (wanted.size > 0) await leaveObjectsOf(source, wanted, options);
  // By the time at which they were listed, what refers to them may have gone.
  for (const name of source.store.purging?.() ?? []) wanted.delete(name);
  // Of those that are named, it is known that something refers to them.
  const isAsked = options.verify || typeof options.objects === "object";
  const collected = isAsked ? new Set<string>() : await collectedAtTarget(target.store, wanted, options);
  if (options.dryRun) { for (const name of collected) wanted.delete(name); }
  const hashes = options.dryRun ? new Map() : await hashLargeFiles(source.store, target.inventory, wanted, options);

  const isNew = ({ want: { name }, kind }: Wanted) => rank({ name, kind }) === 0 && !target.inventory.has(name);
  const order = inOrder([...wanted.values()]);
  const total = order.reduce((sum, { size }) => sum + size, 0);
  const experiments = order.filter(isNew).length;
  if (options.dryRun) {
    const planned = order.map(({ want }) => want.name);
    return { files: order.length, bytes: total, experiments, planned, setbacks: compared.setbacks, compared: names };
  }
  if (compared.equal.length > 0 && !target.store.capabilities.readOnly) {
    await target.store.setModifiedTimes(compared.equal, { signal });
  }
  if (order.length === 0) return { ...NOTHING, setbacks: compared.setbacks, compared: names };
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress?.({ phase: "sending", done, total: Math.max(total, done) });
  };
  onProgress?.({ phase: "sending", done, total });
  const came = new Set<string>();
  const seals = new SealComparison();
  const wants = order.map(({ want }) => want);
  const without = collected.size === 0 ? undefined : new GivenWithout(source.store, collected);
  const given = without?.give(wants, { signal }) ?? source.store.readMany(wants, { signal });
  const parts = noted(hashedParts(sealedParts(given, source.inventory), hashes), came, seals);
  const counting = withProgress(target.store, onBytes);
  const to = options.limit === undefined ? counting : withRateLimit(counting, options.limit);
  const taken = await to.writeMany(parts, { signal, tombstones: tombstonesIn(target.inventory) });
  const known = [...compared.setbacks, ...taken.setbacks.map(passing)];
  const untrue = (await seals.differing(target.store, { signal })).filter((one) =>
    !known.some(({ name }) => name === one.name)
  );
  const asked = without === undefined ? wants : wants.filter(({ name }) => !without.isLeft(name));
  const setbacks = [...known, ...untrue, ...missing(asked, came, taken.setbacks, source.store)];
  return { ...taken, experiments, setbacks, compared: names };
}

/** What was purged on either side while it was moved is not an issue: another look shows it. */
function passing(setback: FileIssue): FileIssue {
  return setback.message === GONE || setback.message === NO_LONGER ? { ...setback, kind: "retry" } : setback;
}

/** Passes parts on, and notes the files of which the last one came, and the seals among them. */
async function* noted(
  parts: AsyncIterable<readonly FileChunk[]>,
  came: Set<string>,
  seals: SealComparison,
): AsyncGenerator<readonly FileChunk[], void> {
  for await (const batch of parts) {
    for (const part of batch) {
      if (part.end) came.add(part.name);
      seals.note(part);
    }
    yield batch;
  }
}

/** Files that were asked for and did not come: a source that sends too little must not look like one that has no more. */
function missing(
  wanted: readonly ReadRange[],
  came: ReadonlySet<string>,
  issues: readonly FileIssue[],
  { location }: BulkStore,
): FileIssue[] {
  const known = new Set(issues.map(({ name }) => name));
  return wanted.flatMap(({ name }) =>
    came.has(name) || known.has(name)
      ? []
      : [{ name, kind: "retry", message: `${location} did not send all of it and gave no reason` } as const]
  );
}

/** Of an experiment that is deleted only its definition and notes go on: what was collected must not come back. */
async function leaveDeleted(
  source: Side,
  target: Side,
  wanted: Map<string, Wanted>,
  { signal, objects }: TransferOptions,
): Promise<void> {
  const of = experimentFinder(source.inventory.keys());
  // Of those that are named, it is known that something refers to them which is not deleted.
  const anyObjects = (objects ?? true) === true && wanted.values().some(({ kind }) => kind === "object");
  const withNotes = new Set<string>();
  for (const { inventory } of [source, target]) {
    for (const name of inventory.keys()) {
      const folder = experimentOfNotes(name);
      if (folder !== undefined) withNotes.add(folder);
    }
  }
  if (withNotes.size === 0) return;
  const pending = new Set<string>();
  for (const item of wanted.values()) {
    const folder = of(item.want.name);
    if (folder !== undefined && withNotes.has(folder) && isContent(item)) pending.add(folder);
  }
  if (pending.size === 0 && !anyObjects) return;
  const asked = anyObjects ? withNotes : pending;
  const deleted = await deletedExperiments([source, target], (folder) => asked.has(folder), { signal });
  if (deleted.size === 0) return;
  for (const [name, item] of [...wanted]) {
    const folder = of(name);
    if (folder !== undefined && deleted.has(folder) && isContent(item)) wanted.delete(name);
  }
  if (!anyObjects) return;
  const only = await referredObjects(source, (folder) => deleted.has(folder), { signal });
  if (![...only].some((name) => wanted.has(name))) return;
  const live = await referredObjects(source, (folder) => !deleted.has(folder), { signal });
  for (const name of only) if (!live.has(name)) wanted.delete(name);
}

/** What a collection of a deleted experiment removes. */
function isContent({ want: { name }, kind }: Wanted): boolean {
  return rank({ name, kind }) !== 0 && !isNotesFile(name);
}

/**
 * Experiment by experiment, which spares a disk its ways: definitions, notes, logs. Then objects and files, from small to
 * large, and last what names files.
 */
function inOrder(items: readonly Wanted[]): readonly Wanted[] {
  const places = items.map((item) => {
    const { want: { name }, kind } = item;
    const place = rank({ name, kind });
    return { item, place, folder: place < 4 ? folderOf(name) : "" };
  });
  places.sort((a, b) => {
    if (a.place >= 4 || b.place >= 4) {
      return Math.max(a.place, 3) - Math.max(b.place, 3) || a.item.size - b.item.size;
    }
    if (a.folder !== b.folder) return a.folder < b.folder ? -1 : 1;
    return a.place - b.place;
  });
  return places.map(({ item }) => item);
}

/** The folder of a file's experiment, by the look of its name. */
function folderOf(name: string): string {
  return experimentOfNotes(name) ?? experimentOfFolder(parentOf(name));
}

/** Whether something changed while it was moved, so that another look is due. */
export function isRetried(setbacks: readonly FileIssue[]): boolean {
  return setbacks.some(({ kind }) => kind === "retry");
}
