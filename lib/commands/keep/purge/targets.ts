import { AmbiguousError, DbxError, NotFoundError, UsageError } from "../../../base/errors.ts";
import { isIdV0 } from "../../../base/ids.ts";
import { tombstoneName } from "../../../format/layout/tombstone.ts";
import type { Experiment, ExperimentRun } from "../../../repo/experiments/experiment.ts";
import { goesOn } from "../../../repo/gc/plan.ts";
import type { Repository } from "../../../repo/repository.ts";
import { clockSkew } from "../../../store/local/files/gc_files.ts";
import { LocalStore } from "../../../store/local/local_store.ts";
import { purgePlaces } from "../../../store/local/purge/purge_places.ts";

/** An experiment or a run that is to go. */
export interface Target {
  readonly id: string;
  readonly of: "experiment" | "run";
  /** Relative to the repository. */
  readonly folder: string;
  readonly kind: string;
  readonly name: string;
  /** Without objects. */
  readonly files: number;
  readonly bytes: number;
  /** A run of it that goes on. */
  readonly goingOn?: string;
}

/** What words name: experiments, runs (`experiment/run`, or a run's id), and ids that were purged before. */
export async function targetsOf(
  repository: Repository,
  words: readonly string[],
  now: number,
): Promise<{ targets: Target[]; purgedBefore: string[] }> {
  if (repository.version === 0) {
    throw new UsageError(
      `Cannot purge in ${repository.location}: it is in format v0, which dbx does not write; remove the folder of the experiment ` +
        "in each copy, or convert the repository to v1 (dbx init) and purge there",
    );
  }
  const targets = new Map<string, Target>();
  const purgedBefore: string[] = [];
  for (const word of words) {
    const found = await targetOf(repository, word, now);
    if (typeof found === "string") purgedBefore.push(found);
    else targets.set(found.id, found);
  }
  // What goes as a whole need not go in parts.
  const folders = [...targets.values()].flatMap(({ of, folder }) => (of === "experiment" ? [folder] : []));
  return {
    targets: [...targets.values()].filter(({ folder }) => !folders.some((above) => folder.startsWith(`${above}/`))),
    purgedBefore,
  };
}

async function targetOf(repository: Repository, word: string, now: number): Promise<Target | string> {
  const found = await findEither(repository, word);
  if (!(found instanceof Error)) return await described(repository, found, now);
  if (!isIdV0(word)) throw found;
  if (await hasTombstone(repository, word)) return word;
  const place = placeIn(repository, word);
  if (place === undefined) throw found;
  // Damaged, or not whole yet: the folder says everything.
  return { ...place, kind: "", name: "", ...await sizeOf(repository, place.folder) };
}

async function findEither(repository: Repository, word: string): Promise<Experiment | ExperimentRun | Error> {
  try {
    return await repository.findExperiment(word);
  } catch (error) {
    // One that stands in two folders is purged in both.
    if (error instanceof AmbiguousError && isIdV0(word)) return error;
    if (!(error instanceof NotFoundError)) throw error;
    try {
      return await repository.findRun(word);
    } catch (other) {
      if (!(other instanceof NotFoundError)) throw other;
      return word.includes("/") ? other : error;
    }
  }
}

/** An experiment or run that can be read. */
export async function described(repository: Repository, one: Experiment | ExperimentRun, now: number): Promise<Target> {
  const run = "experiment" in one && one.experiment.version === 1 ? one : undefined;
  const experiment = "experiment" in one ? one.experiment : one;
  const runs = run === undefined ? await experiment.runs() : [run];
  const { store } = repository;
  const disk = now + (store instanceof LocalStore ? clockSkew(store.folder) : 0);
  let goingOn: string | undefined;
  for (const each of runs) {
    const isOn = store instanceof LocalStore
      ? await goesOn(each, store, now, disk)
      : (await each.status(now)).status === "running";
    if (isOn) goingOn ??= each.id;
  }
  const { id, folder } = run ?? experiment;
  return {
    id,
    of: run === undefined ? "experiment" : "run",
    folder,
    kind: experiment.kind,
    name: experiment.name,
    ...await sizeOf(repository, folder),
    ...(goingOn !== undefined && { goingOn }),
  };
}

/** Where something of an id stands that cannot be read. */
function placeIn({ store }: Repository, id: string): Pick<Target, "id" | "of" | "folder"> | undefined {
  if (!(store instanceof LocalStore)) return undefined;
  for (const place of purgePlaces(store.folder, new Set([id]))) if (place !== undefined) return place;
  return undefined;
}

async function hasTombstone({ store }: Repository, id: string): Promise<boolean> {
  return await store.stat(tombstoneName(id)) !== undefined;
}

async function sizeOf(repository: Repository, folder: string): Promise<{ files: number; bytes: number }> {
  let files = 0, bytes = 0;
  for await (const { name, kind } of repository.store.list(folder)) {
    const inside = `${folder}/${name}`;
    if (kind === "folder") {
      const below = await sizeOf(repository, inside);
      [files, bytes] = [files + below.files, bytes + below.bytes];
    } else if (kind === "file") {
      files++;
      bytes += (await repository.store.stat(inside))?.size ?? 0;
    }
  }
  return { files, bytes };
}

/** Refuses to purge what is still written to: its writer would make files again, and hold bytes in memory. */
export function checkStill(targets: readonly Target[], force: boolean): void {
  const [on] = targets.filter(({ goingOn }) => goingOn !== undefined);
  if (on === undefined || force) return;
  const what = on.of === "run" ? `the run ${on.id} is running` : `the run ${on.goingOn} of it is running`;
  throw new DbxError(
    `Cannot purge ${on.id}: ${what}, or its logs have just changed, and its program would continue to write; stop it first ` +
      `(dbx stop ${on.goingOn}), or use --force: the next dbx sync, gc or purge removes what it writes after that`,
  );
}
