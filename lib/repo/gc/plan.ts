import { definitionFile, notesFolder, RUNS_FOLDER, runsFolder } from "../../format/layout/names.ts";
import { PUT_LOG_PREFIX } from "../../format/events/file_event.ts";
import { References } from "../../format/layout/object_references.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { collectedObjects } from "../../store/local/files/collected_objects.ts";
import type { LocalStore } from "../../store/local/local_store.ts";
import { checkRepository } from "../check/check.ts";
import { isAddition } from "../experiments/addition.ts";
import type { Experiment } from "../experiments/experiment.ts";
import {
  changedAt,
  clockSkew,
  filesBelow,
  objectNames,
  readReferences,
  unfinishedFiles,
} from "../../store/local/files/gc_files.ts";
import { type Held, HeldBack } from "./held.ts";
import type { LogReader } from "../logs/log_reader.ts";
import type { Problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";
import type { Run } from "../experiments/run.ts";

/** What to collect. */
export interface GcOptions {
  /** Milliseconds since an experiment was deleted, or an object was put that nothing refers to. */
  readonly olderThan: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean;
  /** Collect also where a check finds damage. Objects still stay where something that may refer to them cannot be read. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly experiments: number }) => void;
  /** Told when another collection has been waited for a while. */
  readonly onWait?: () => void;
  /** Told what goes before anything is removed. */
  readonly onPlan?: (plan: GcPlan) => void;
  /** When an object was put, for tests; default: the later one of its times. */
  readonly putAt?: (info: Deno.FileInfo) => number;
}

/** An experiment whose runs go. */
export interface GoneExperiment {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** Relative to the repository. */
  readonly folder: string;
  /** By the clock of the machine that deleted it: milliseconds since the Unix epoch. */
  readonly deletedAt: number;
  readonly files: number;
  readonly bytes: number;
}

/** A file that goes. */
export interface GoneFile {
  /** Relative to the repository. */
  readonly name: string;
  readonly bytes: number;
  /** An object of which a run said that it need not be kept any longer. */
  readonly isUnkept?: true;
}

/** What a collection removes. */
export interface GcPlan {
  readonly experiments: readonly GoneExperiment[];
  readonly objects: readonly GoneFile[];
  /** What crashes left behind. */
  readonly unfinished: readonly GoneFile[];
  /** What would go if it were older, or if no run went on. */
  readonly held: Held;
  /** What stays though it is deleted, what cannot be read, and what a check calls damage. */
  readonly problems: readonly Problem[];
  /** A check finds damage, and `force` was not given: nothing may be removed. */
  readonly refused: boolean;
  /** What each of the experiments refers to, by its folder: it stays if the experiment does. */
  readonly orphans: ReadonlyMap<string, References>;
  /** Whether something that stays refers to an object. */
  readonly isReferred: (object: string) => boolean;
  /** The latest time at which an object may have been put that goes. */
  readonly youngest: (object: string) => number;
}

/** An object is put a moment before a line refers to it: while runs are going on a long moment, else a short one. */
const [BUSY_MS, QUIET_MS] = [3_600_000, 2000];

/** What nothing ever referred to may belong to a run that is just being made: its git diff comes before its definition. */
const WASTE_MS = 600_000;

/** A run without an end whose logs changed within this time goes on, whatever the clock says that wrote them. */
const LIVE_MS = 600_000;

/** What `dbx log` adds to an experiment is written in one go; within this time it may be under way, in milliseconds. */
const ADDED_MS = 60_000;

/** Finds out what there is to collect. Changes nothing. */
export async function planCollection(repo: Repository, store: LocalStore, options: GcOptions): Promise<GcPlan> {
  const { olderThan, signal } = options;
  const disk = options.now + clockSkew(store.folder);
  const hasObjects = objectNames(store.folder).next().done !== true;
  const kept: Problem[] = [];
  /** What the experiments that go refer to; other objects that nothing refers to are waste. */
  const orphans = new Map<string, References>();
  const experiments: GoneExperiment[] = [];
  const held = new HeldBack();
  let seen = 0;
  for await (const experiment of repo.experiments({ signal })) {
    options.onProgress?.({ experiments: seen++ });
    // Whether runs go on matters to objects, and to what is deleted.
    if (!hasObjects && (await experiment.notes()).deletedAt === undefined) continue;
    const state = await stateOf(experiment, store, { ...options, disk });
    if (state.goingOn !== undefined) held.runs.push(`${experiment.id}/${state.goingOn}`);
    if (!state.isDue) {
      if (state.deletedAt !== undefined && (await experiment.runs()).length > 0) held.experiments++;
      continue;
    }
    const { folder, id, kind, name } = experiment;
    if (state.why !== undefined) {
      kept.push({ path: folder, kind: state.why.kind, message: state.why.message, severity: "note" });
      continue;
    }
    const size = sizeBelow(store.folder, runsFolder(folder));
    orphans.set(folder, new References({ everyLine: true }));
    experiments.push({ id, kind, name, folder, deletedAt: state.deletedAt ?? 0, ...size });
  }
  const unfinished: GoneFile[] = [];
  for (const name of unfinishedFiles(store.folder, disk)) {
    const info = look(store.folder, name);
    if (info === undefined) continue;
    unfinished.push({ name, bytes: info.isDirectory ? sizeBelow(store.folder, name).bytes : info.size });
  }
  const referred = new References({ everyLine: true });
  const folderOf = (name: string): string => /^(.*?)\/(?:meta\.json$|runs\/|notes\/)/.exec(name)?.[1] ?? "";
  if (hasObjects || experiments.length > 0 || collectedObjects(store.folder).size > 0) {
    for (const _ of readReferences(store.folder, (name) => orphans.get(folderOf(name)) ?? referred)) {
      signal?.throwIfAborted();
    }
  }
  const lately = disk - (held.runs.length > 0 ? BUSY_MS : QUIET_MS);
  const orphaned = new Set(orphans.values().flatMap(({ objects }) => objects));
  const wasReferred = (object: string): boolean => orphaned.has(object) || referred.unkept.has(object);
  const youngest = (object: string): number =>
    wasReferred(object) ? lately : Math.min(lately, disk - Math.max(olderThan, WASTE_MS));
  const objects: GoneFile[] = [];
  // What cannot be read may refer to anything.
  if (referred.unread.length === 0) {
    for (const name of objectNames(store.folder)) {
      signal?.throwIfAborted();
      if (referred.has(name)) continue;
      const info = look(store.folder, name);
      if (info === undefined) continue;
      const putAt = (options.putAt ?? changedAt)(info);
      if (putAt <= youngest(name)) {
        objects.push({ name, bytes: info.size, ...referred.unkept.has(name) && { isUnkept: true as const } });
      } else held.add(!wasReferred(name) ? "unreferred" : putAt > disk - QUIET_MS ? "young" : "running", info.size);
    }
  }
  const isReferred = (object: string): boolean => referred.unread.length > 0 || referred.has(object);
  const isNothing = !hasObjects && experiments.length === 0 && unfinished.length === 0;
  if (isNothing && repo.markerProblem === undefined) {
    // There is nothing that could go, so it does not matter what is damaged in an experiment.
    return { experiments, objects, unfinished, held, problems: kept, refused: false, orphans, isReferred, youngest };
  }
  const damage: Problem[] = [];
  for await (const problem of checkRepository(repo, { signal })) {
    if (problem.severity === "damage") damage.push(problem);
  }
  // What is damaged in runs that go says nothing of what stays; a collection that was killed leaves such, for one.
  const goes = (path: string): boolean => orphans.has(path.slice(0, Math.max(0, path.lastIndexOf(`/${RUNS_FOLDER}/`))));
  const problems = [...damage.filter(({ path }) => !goes(path)), ...kept];
  const refused = problems.length > kept.length && options.force !== true;
  for (const { name, line, message } of referred.unread) {
    if (problems.some((problem) => problem.path === name && problem.line === line)) continue;
    const rest = "it may refer to any object, so all objects are kept";
    problems.push({ path: name, line, kind: "unread", message: `${message}: ${rest}`, severity: "note" });
  }
  return { experiments, objects, unfinished, held, problems, refused, orphans, isReferred, youngest };
}

/** How an experiment stands with a collection. */
export interface Standing {
  /** It was deleted long enough ago. */
  readonly isDue: boolean;
  /** Why it is kept nevertheless. */
  readonly why?: { readonly kind: string; readonly message: string };
  /** The id of a run that goes on. */
  readonly goingOn?: string;
  readonly deletedAt?: number;
}

/** Whether an experiment goes. `disk`: now by the clock of the file system. */
export async function stateOf(
  experiment: Experiment,
  store: LocalStore,
  { now, disk, olderThan }: Pick<GcOptions, "now" | "olderThan"> & { readonly disk: number },
): Promise<Standing> {
  const { deletedAt } = await experiment.notes();
  // A deletion by a clock that is behind is not an old one, and one by a clock that is ahead gets old nevertheless.
  const isDue = deletedAt !== undefined && experiment.version === 1 &&
    (deletedAt > now || now - deletedAt >= olderThan) && disk - deletionSeenAt(store, experiment) >= olderThan;
  let goingOn: string | undefined;
  for (const run of await experiment.runs()) {
    if (goingOn === undefined && await goesOn(run, store, now, disk, isDue)) goingOn = run.id;
  }
  if (!isDue) return { isDue, goingOn, deletedAt };
  if (goingOn !== undefined) {
    const message = "it is deleted, but a run of it is still running, or its logs have just changed; it is kept";
    return { isDue, goingOn, deletedAt, why: { kind: "running", message } };
  }
  for (const log of await experiment.noteLogs()) {
    const message = await unclear(log);
    if (message !== undefined) return { isDue, goingOn, deletedAt, why: { kind: "unclear", message } };
  }
  return { isDue, goingOn, deletedAt };
}

/** Whether some notes may say more than can be read of them: that the experiment was restored, for one. */
async function unclear(log: LogReader): Promise<string | undefined> {
  let bad: number | undefined;
  for await (const _ of log.batches({ onProblem: ({ line }) => bad ??= line })) if (bad !== undefined) break;
  if (bad !== undefined) {
    return `it is deleted, but line ${bad} of ${log.file} cannot be read, and may have restored it; it is kept`;
  }
  if (await log.wholeEnd() === await log.size()) return undefined;
  return `it is deleted, but the last line of ${log.file} is incomplete, and may restore it; it is kept`;
}

/**
 * Whether a run in a folder goes on: by its heartbeat, or by the times of its logs, which no clock of a writer can set back.
 * `countsPuts`: also by files that others add to it, at any time: that matters where they would go with the run.
 */
export async function goesOn(
  run: Run,
  store: LocalStore,
  now: number,
  disk: number,
  countsPuts = false,
): Promise<boolean> {
  if (run.experiment.version === 0) return false; // It does not say.
  const { status } = await run.status(now);
  if (status === "running") return true;
  const hasEnded = status === "finished" || status === "failed" || status === "killed";
  let end = 0, latest = 0;
  for (const name of await run.logs()) {
    if (!countsPuts && name.startsWith(PUT_LOG_PREFIX)) continue;
    const info = look(store.folder, run.log(name).file);
    if (info === undefined) continue;
    const time = changedAt(info);
    if (name === "dbx") end = time;
    else latest = Math.max(latest, time);
  }
  const definition = look(store.folder, definitionFile(run.folder));
  const madeAt = definition === undefined ? 0 : changedAt(definition);
  // An addition has no life log, and puts nothing; but files may be added to it later.
  const isAdded = madeAt > 0 && disk - madeAt >= ADDED_MS && status === "unknown" && end === 0 &&
    isAddition(run.definition);
  const endedAt = isAdded ? madeAt : hasEnded ? end : undefined;
  // Of a run that has ended, a child may still write on.
  if (endedAt !== undefined) return latest > endedAt + 2000 && disk - latest < LIVE_MS;
  return disk - Math.max(latest, madeAt, end) < LIVE_MS;
}

/** When this copy got its notes of an experiment. */
function deletionSeenAt(store: LocalStore, { folder }: Experiment): number {
  let latest = 0;
  for (const { name } of filesBelow(store.folder, notesFolder(folder))) {
    latest = Math.max(latest, look(store.folder, name)?.ctime?.getTime() ?? 0);
  }
  return latest;
}

/** Files below a folder, and their bytes. */
export function sizeBelow(root: RootFolder, folder: string): { files: number; bytes: number } {
  let files = 0, bytes = 0;
  for (const { name, kind } of filesBelow(root, folder)) {
    if (kind !== "file") continue;
    files++;
    bytes += look(root, name)?.size ?? 0;
  }
  return { files, bytes };
}

/** What stands at a name; undefined where nothing does, or a link leads there. */
export function look(root: RootFolder, name: string): Deno.FileInfo | undefined {
  try {
    return root.lstat(name);
  } catch {
    return undefined;
  }
}
