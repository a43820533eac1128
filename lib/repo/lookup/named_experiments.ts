import { lastSegment } from "../../base/paths.ts";
import { isIdV0 } from "../../base/ids.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { folderState } from "../cache/folder_state.ts";
import { listExperiments } from "./list_experiments.ts";
import type { LookupContext } from "./context.ts";

/** Folders that hold experiments, none of which has changed since it was listed. */
interface Unchanged {
  readonly folders: readonly string[];
  /** Further folders that are named by an id: whether they are an experiment's has to be seen each time. */
  readonly others: readonly string[];
}

/**
 * Experiments by their ids, and those that have a run of one of the ids, wherever they stand. What the catalogue knows is
 * looked up; only where a folder that holds experiments has changed, or a run is not known, all are listed.
 */
export async function namedExperiments(
  repository: LookupContext,
  { experiments = [], runs = [] }: { readonly experiments?: readonly string[]; readonly runs?: readonly string[] },
  signal?: AbortSignal,
): Promise<Experiment[]> {
  const found = new Map<string, Experiment>();
  const wanted = new Set(experiments);
  for (const experiment of await withIds(repository, wanted, signal)) found.set(experiment.folder, experiment);
  const left = new Set(runs);
  for (const run of left) {
    for (const known of repository.catalogue?.startingWith(run).runs ?? []) {
      const experiment = await opened(repository, known.folder);
      if (experiment === undefined || !(await experiment.runs()).some(({ id }) => id === run)) continue;
      found.set(experiment.folder, experiment);
      left.delete(run);
    }
  }
  if (left.size === 0) return [...found.values()];
  for await (const batch of repository.batches({ signal })) {
    for (const experiment of batch) {
      if ((await experiment.runs()).some(({ id }) => left.has(id))) found.set(experiment.folder, experiment);
    }
  }
  return [...found.values()];
}

async function withIds(
  repository: LookupContext,
  ids: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Experiment[]> {
  if (ids.size === 0) return [];
  const known = await withKnownIds(repository, ids);
  if (known !== undefined) return known;
  const found: Experiment[] = [];
  for await (const batch of listExperiments(repository, { only: ({ id }) => ids.has(id), asKnown: true, signal })) {
    for (const { folder } of batch) {
      const experiment = await opened(repository, folder);
      if (experiment !== undefined && ids.has(experiment.id)) found.push(experiment);
    }
  }
  return found;
}

/** Undefined where the catalogue does not know of all experiments. */
async function withKnownIds(repository: LookupContext, ids: ReadonlySet<string>): Promise<Experiment[] | undefined> {
  const known = unchanged(repository);
  if (known === undefined) return undefined;
  const places = new Set(known.others);
  for (const id of ids) {
    for (const folder of known.folders) {
      const place = folder === "" ? id : `${folder}/${id}`;
      if (isIdV0(id) && repository.catalogue!.experiment(place) !== undefined) places.add(place);
    }
  }
  // It may have turned out to be damaged.
  if (unchanged(repository) === undefined) return undefined;
  const found: Experiment[] = [];
  for (const place of places) {
    const experiment = await opened(repository, place);
    if (experiment !== undefined && ids.has(experiment.id)) found.push(experiment);
  }
  return found;
}

/** The folders that hold experiments, where the catalogue knows all that stands in them. */
export function unchanged(repository: LookupContext): Unchanged | undefined {
  const { catalogue, store } = repository;
  if (catalogue === undefined) return undefined;
  const folders = [""];
  const others: string[] = [];
  // The list grows while it is gone through.
  for (const folder of folders) {
    const state = folderState(store, folder);
    const names = state && catalogue.othersIn(folder, state);
    if (names === undefined) return undefined;
    for (const name of names) {
      const path = folder === "" ? name : `${folder}/${name}`;
      if (!isIdV0(name)) folders.push(path);
      else if (catalogue.othersIn(path, folderState(store, path) ?? NEVER) !== undefined) folders.push(path);
      else others.push(path);
    }
  }
  return { folders, others };
}

/** The state of no folder. */
const NEVER = { device: -1, inode: -1, modifiedAt: -1, changedAt: -1 };

/** The experiment in a folder, which is looked at. */
export async function opened(repository: LookupContext, folder: string): Promise<Experiment | undefined> {
  return await repository.open({ folder, id: lastSegment(folder) });
}
