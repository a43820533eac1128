import { isDefinition } from "../../format/layout/name_tests.ts";
import { messageOf } from "../../base/errors.ts";
import { runsFolder } from "../../format/layout/names.ts";
import type { References } from "../../format/layout/object_references.ts";
import { PURGING } from "../../store/local/purge/journal.ts";
import { unpurgedIds } from "../../store/local/purge/leftovers.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { collectedObjects, markCollected } from "../../store/local/files/collected_objects.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import {
  changedAt,
  clockSkew,
  emptyTrash,
  filesBelow,
  lockCollection,
  TRASH,
} from "../../store/local/files/gc_files.ts";
import { removeDeadPipes } from "./pipes.ts";
import { type GcOptions, type GcPlan, planCollection, sizeBelow, stateOf } from "./plan.ts";
import type { Problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

export type { Held, HeldFiles } from "./held.ts";
export type { GcOptions, GcPlan, GoneExperiment, GoneFile } from "./plan.ts";

/** What was collected. */
export interface GcReport {
  /** What was to go. */
  readonly plan: GcPlan;
  /** Ids of the experiments whose runs went; what changed since the plan was made is not among them. */
  readonly experiments: readonly string[];
  readonly objects: number;
  /** All files that were removed. */
  readonly files: number;
  readonly bytes: number;
  /** Ids of what was purged before and was still there, or there again. */
  readonly purged: readonly string[];
  /** Those of the plan, and what could not be removed. */
  readonly problems: readonly Problem[];
}

/**
 * Removes the runs of experiments that were deleted long enough ago, objects that no other experiment refers to, and
 * what crashes left unfinished. The definition and the notes of a deleted experiment stay, so that it stays deleted
 * everywhere. What an experiment that is not deleted refers to is never touched, and neither is a running run. Where
 * something cannot be read that may refer to objects, all of them stay. What was purged and still exists is removed
 * first. If a check finds damage, nothing is removed without `force`.
 *
 * Can be killed at any moment and repeated; programs may write meanwhile. A second collection waits for the first.
 */
export async function collectGarbage(repo: Repository, store: LocalStore, options: GcOptions): Promise<GcReport> {
  const { dryRun = false, signal } = options;
  const again = dryRun ? [] : unpurgedIds(store.folder);
  const purged = again.length === 0 ? undefined : await store.purge(again, { signal, onWait: options.onWait });
  using _lock = dryRun ? undefined : await lockCollection(store.folder, signal, options.onWait);
  if (!dryRun) emptyTrash(store.folder);
  const plan = await planCollection(repo, store, options);
  options.onPlan?.(plan);
  const problems = [...plan.problems];
  for (const message of purged?.problems ?? []) {
    problems.push({ path: PURGING, kind: "not-removed", message, severity: "damage" });
  }
  const removed = { files: 0, bytes: 0, objects: 0 };
  const experiments: string[] = [];
  if (plan.refused) return { plan, experiments, ...removed, purged: purged?.ids ?? [], problems };
  const remove = (name: string): void => {
    const info = store.folder.lstat(name);
    if (info === undefined) return; // Another process removed it.
    const { files, bytes } = info.isDirectory ? sizeBelow(store.folder, name) : { files: 1, bytes: info.size };
    if (!dryRun) {
      if (info.isDirectory) store.folder.removeFolder(name);
      else store.folder.remove(name);
    }
    removed.files += files;
    removed.bytes += bytes;
  };
  const attempt = (path: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (isAbsent(error)) return; // Another process removed it.
      problems.push({ path, kind: "not-removed", message: messageOf(error), severity: "damage" });
    }
  };
  /** What the experiments refer to that stay after all. */
  const spared: References[] = [];
  const disk = options.now + (dryRun ? 0 : clockSkew(store.folder));
  for (const { folder, id } of plan.experiments) {
    signal?.throwIfAborted();
    // It may have been restored, or run again, since the plan was made.
    const experiment = dryRun ? undefined : await repo.open({ folder, id });
    const state = experiment && await stateOf(experiment, store, { ...options, disk });
    if (!dryRun && (state === undefined || !state.isDue || state.why !== undefined)) {
      spared.push(plan.orphans.get(folder)!);
      continue;
    }
    const runs = runsFolder(folder);
    const hadRuns = store.folder.lstat(runs) !== undefined; // An earlier collection may have been here.
    // A run without its definition is incomplete, one without its logs would be damaged: a collection may be killed.
    const files = Array.from(filesBelow(store.folder, runs)).filter(({ kind }) => kind === "file");
    files.sort((a, b) => Number(isDefinition(b.name)) - Number(isDefinition(a.name)));
    for (const { name } of files) attempt(name, () => remove(name));
    if (!dryRun) attempt(runs, () => store.folder.removeFolder(runs));
    if (hadRuns) experiments.push(id);
  }
  // Other copies may still have them, and must not bring them back; but those that are needed after all come again.
  if (!dryRun) {
    const needed = [...collectedObjects(store.folder)].filter(plan.isReferred);
    markCollected(store.folder, needed, true);
    markCollected(store.folder, plan.objects.map(({ name }) => name));
  }
  for (const { name } of plan.objects) {
    signal?.throwIfAborted();
    if (spared.some((references) => references.unread.length > 0 || references.has(name))) continue;
    attempt(name, () => {
      if (dryRun) remove(name);
      else if (!removeObject(store, name, options, plan.youngest(name), remove)) return;
      removed.objects++;
    });
  }
  for (const { name } of plan.unfinished) attempt(name, () => remove(name));
  if (!dryRun) removeDeadPipes(store.folder);
  return { plan, experiments, ...removed, purged: purged?.ids ?? [], problems };
}

/**
 * Removes an object that was not put lately. A program that puts it again meanwhile touches it, or finds it gone and
 * writes it.
 */
function removeObject(
  store: LocalStore,
  name: string,
  options: GcOptions,
  youngest: number,
  remove: (name: string) => void,
): boolean {
  const { folder } = store;
  const before = folder.lstat(name);
  if (before === undefined || (options.putAt ?? changedAt)(before) > youngest) return false;
  const trash = `${TRASH}/${name.slice(-64)}`;
  folder.makeFolder(TRASH);
  folder.rename(name, trash);
  if (folder.lstat(trash)?.mtime?.getTime() !== before.mtime?.getTime()) {
    folder.rename(trash, name);
    return false;
  }
  remove(trash);
  return true;
}
