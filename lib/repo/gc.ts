import { messageOf } from "../base/errors.ts";
import type { References } from "../format/references.ts";
import { isAbsent } from "../fs/files.ts";
import type { LocalStore } from "../store/local.ts";
import { changedAt, clockSkew, emptyTrash, filesBelow, lockCollection, TRASH } from "./gc_files.ts";
import { removeDeadPipes } from "./gc_pipes.ts";
import { type GcOptions, type GcPlan, look, planCollection, stateOf } from "./gc_plan.ts";
import type { Problem } from "./problem.ts";
import type { Repository } from "./repository.ts";

export type { GcOptions, GcPlan, GoneExperiment, GoneFile } from "./gc_plan.ts";

/** What was collected. */
export interface Collected {
  /** What was to go. */
  readonly plan: GcPlan;
  /** Ids of the experiments whose runs went; what changed since the plan was made is not among them. */
  readonly experiments: readonly string[];
  readonly objects: number;
  /** All files that were removed. */
  readonly files: number;
  readonly bytes: number;
  /** Those of the plan, and what could not be removed. */
  readonly problems: readonly Problem[];
}

/**
 * Removes the runs of experiments that were deleted long enough ago, objects that no other experiment refers to, and what
 * crashes left unfinished. The definition and the notes of a deleted experiment stay, so that it stays deleted everywhere.
 * What an experiment that is not deleted refers to is never touched, and neither is a run that is going on. Where something
 * cannot be read that may refer to objects, all of them stay. Where a check finds damage, nothing is removed without `force`.
 *
 * Can be killed at any moment and repeated; programs may write meanwhile. A second collection waits for the first.
 */
export async function collectGarbage(repo: Repository, store: LocalStore, options: GcOptions): Promise<Collected> {
  const { dryRun = false, signal } = options;
  const root = store.location;
  using _lock = dryRun ? undefined : await lockCollection(root, signal, options.onWait);
  if (!dryRun) emptyTrash(root);
  const plan = await planCollection(repo, store, options);
  options.onPlan?.(plan);
  const problems = [...plan.problems];
  const removed = { files: 0, bytes: 0, objects: 0 };
  const experiments: string[] = [];
  if (plan.refused) return { plan, experiments, ...removed, problems };
  const remove = (name: string): void => {
    const { size } = Deno.lstatSync(`${root}/${name}`);
    if (!dryRun) Deno.removeSync(`${root}/${name}`);
    removed.files++;
    removed.bytes += size;
  };
  const attempt = (path: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (isAbsent(error)) return; // Somebody else removed it.
      problems.push({ path, kind: "not-removed", message: messageOf(error), severity: "damage" });
    }
  };
  /** What the experiments refer to that stay after all. */
  const spared: References[] = [];
  const disk = options.now + (dryRun ? 0 : clockSkew(root));
  for (const { folder, id } of plan.experiments) {
    signal?.throwIfAborted();
    // It may have been restored, or run again, since the plan was made.
    const experiment = dryRun ? undefined : await repo.open({ folder, id });
    const state = experiment && await stateOf(experiment, store, { ...options, disk });
    if (!dryRun && (state === undefined || !state.isDue || state.why !== undefined)) {
      spared.push(plan.orphans.get(folder)!);
      continue;
    }
    const runs = `${folder}/runs`;
    for (const { name, kind } of filesBelow(root, runs)) if (kind === "file") attempt(name, () => remove(name));
    if (!dryRun) attempt(runs, () => Deno.removeSync(`${root}/${runs}`, { recursive: true }));
    experiments.push(id);
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
  if (!dryRun) removeDeadPipes(root, store.folder);
  return { plan, experiments, ...removed, problems };
}

/** Removes an object that was not put lately. Who puts it again meanwhile touches it, or finds it gone and writes it. */
function removeObject(
  store: LocalStore,
  name: string,
  options: GcOptions,
  youngest: number,
  remove: (name: string) => void,
): boolean {
  const root = store.location;
  const before = Deno.lstatSync(`${root}/${name}`);
  if ((options.putAt ?? changedAt)(before) > youngest) return false;
  const trash = `${TRASH}/${name.slice(-64)}`;
  store.folder.makeFolder(TRASH);
  Deno.renameSync(`${root}/${name}`, `${root}/${trash}`);
  if (look(`${root}/${trash}`)?.mtime?.getTime() !== before.mtime?.getTime()) {
    Deno.renameSync(`${root}/${trash}`, `${root}/${name}`);
    return false;
  }
  remove(trash);
  return true;
}
