import { messageOf } from "../base/errors.ts";
import { kindOfName } from "../format/kinds.ts";
import { addReferences } from "../format/references.ts";
import { TEMPORARY_PREFIX } from "../store/files.ts";
import type { LocalStore } from "../store/local.ts";
import { INCOMING } from "../store/incoming.ts";
import type { Experiment } from "./experiment.ts";
import type { Problem } from "./problem.ts";
import type { Repository } from "./repository.ts";

/** What to collect. */
export interface GcOptions {
  /** Milliseconds since an experiment was deleted, or an object was put that nothing refers to. */
  readonly olderThan: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Say what would be removed, and remove nothing. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly experiments: number }) => void;
}

/** What was collected. */
export interface Collected {
  /** Ids. */
  readonly experiments: readonly string[];
  readonly objects: number;
  /** Of all files that were removed, what was left unfinished by crashes among them. */
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly Problem[];
}

/** What a crash left unfinished is removed after a day; nobody works on a file for as long. */
const UNFINISHED_MS = 86_400_000;

/** An object is put a moment before a line refers to it: while runs are going on a long moment, else a short one. */
const [BUSY_MS, QUIET_MS] = [3_600_000, 2000];

/** Where an object stands while it is decided whether it goes. */
const TRASH = ".dbx/trash";

/**
 * Removes the runs of experiments that were deleted long enough ago, objects that no other experiment refers to, and what
 * crashes left unfinished. The definition and the notes of a deleted experiment stay, so that it stays deleted everywhere.
 * What an experiment that is not deleted refers to is never touched, and neither is a run that is going on.
 *
 * Can be killed at any moment and repeated; programs may write meanwhile.
 */
export async function collectGarbage(repo: Repository, store: LocalStore, options: GcOptions): Promise<Collected> {
  const { now, olderThan, signal } = options;
  const referred = new Set<string>();
  /** What the experiments that go refer to; other objects that nothing refers to are waste. */
  const orphans = new Set<string>();
  const gone: Experiment[] = [];
  const problems: Problem[] = [];
  let busy = false, seen = 0;
  for await (const experiment of repo.experiments({ signal })) {
    options.onProgress?.({ experiments: seen++ });
    const { deletedAt } = await experiment.notes();
    const runs = await experiment.runs();
    let isRunning = false;
    // Only the latest heartbeat tells, so each run is asked; version 0 does not say.
    for (const run of runs) isRunning ||= (await run.status(now)).status === "running";
    busy ||= isRunning;
    const isDue = deletedAt !== undefined && now - deletedAt >= olderThan &&
      now - noticedAt(store, experiment) >= olderThan;
    if (isDue && !isRunning && experiment.version === 1) {
      gone.push(experiment);
      await addReferencesOf(store, experiment.folder, orphans, signal);
    } else {
      if (isDue && isRunning) {
        const message = "it is deleted, but a run of it is still going on; it stays";
        problems.push({ path: experiment.folder, kind: "running", message, severity: "note" });
      }
      await addReferencesOf(store, experiment.folder, referred, signal);
    }
  }
  // What cannot be read may refer to anything.
  const unreadable = repo.problems.length > 0;
  problems.push(...repo.problems);
  const removed = { files: 0, bytes: 0, objects: 0 };
  const remove = (path: string): void => {
    const { size } = Deno.lstatSync(path);
    if (options.dryRun !== true) Deno.removeSync(path);
    removed.files++;
    removed.bytes += size;
  };
  const attempt = (path: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return; // Somebody else removed it.
      problems.push({ path, kind: "not-removed", message: messageOf(error), severity: "damage" });
    }
  };
  for (const { folder } of gone) {
    const runs = `${store.location}/${folder}/runs`;
    for (const path of below(runs)) attempt(path, () => remove(path));
    if (options.dryRun !== true) attempt(runs, () => Deno.removeSync(runs, { recursive: true }));
  }
  if (!unreadable) {
    const lately = now - (busy ? BUSY_MS : QUIET_MS);
    const collected = new Set<string>();
    for await (const shelf of store.list("objects")) {
      signal?.throwIfAborted();
      for await (const entry of store.list(`objects/${shelf.name}`)) {
        const name = `objects/${shelf.name}/${entry.name}`;
        if (entry.kind === "file" && kindOfName(name) === "object" && !referred.has(name)) collected.add(name);
      }
    }
    for (const name of collected) {
      const youngest = orphans.has(name) ? lately : Math.min(lately, now - olderThan);
      attempt(name, () => {
        if (removeObject(store, name, youngest, options.dryRun === true, remove)) removed.objects++;
      });
    }
  }
  for (const path of unfinished(store.location, now)) attempt(path, () => remove(path));
  return { experiments: gone.map(({ id }) => id), ...removed, problems };
}

/** When this copy got its notes of an experiment: a deletion by a clock that is years behind is not an old one. */
function noticedAt(store: LocalStore, { folder }: Experiment): number {
  let latest = 0;
  for (const path of below(`${store.location}/${folder}/notes`)) {
    latest = Math.max(latest, Deno.lstatSync(path).ctime?.getTime() ?? 0);
  }
  return latest;
}

async function addReferencesOf(
  store: LocalStore,
  folder: string,
  referred: Set<string>,
  signal?: AbortSignal,
): Promise<void> {
  const wants: { name: string; offset: number }[] = [];
  for (const path of below(`${store.location}/${folder}`)) {
    const name = path.slice(store.location.length + 1);
    const kind = kindOfName(name);
    if (kind === "log" || kind === "definition") wants.push({ name, offset: 0 });
  }
  const decoder = new TextDecoder();
  for await (const batch of store.give(wants, { signal })) {
    for (const { bytes, error, name } of batch) {
      if (error !== undefined) {
        throw new Error(`Cannot collect: "${name}" may refer to objects, and cannot be read: ${error}`);
      }
      addReferences(decoder.decode(bytes), referred);
    }
  }
}

/** Removes an object that was not put lately. Who puts it again meanwhile touches it, or finds it gone and writes it. */
function removeObject(
  store: LocalStore,
  name: string,
  youngest: number,
  dryRun: boolean,
  remove: (path: string) => void,
): boolean {
  const path = `${store.location}/${name}`;
  const before = Deno.lstatSync(path).mtime?.getTime() ?? Infinity;
  if (before > youngest) return false;
  if (dryRun) {
    remove(path);
    return true;
  }
  const trash = `${store.location}/${TRASH}/${name.slice(-64)}`;
  Deno.mkdirSync(`${store.location}/${TRASH}`, { recursive: true });
  Deno.renameSync(path, trash);
  if (Deno.lstatSync(trash).mtime?.getTime() !== before) {
    Deno.renameSync(trash, path);
    return false;
  }
  remove(trash);
  return true;
}

/** Files that were being made when their writers died, long ago. */
function* unfinished(root: string, now: number): Generator<string> {
  const isOld = (path: string): boolean => {
    try {
      return now - (Deno.lstatSync(path).mtime?.getTime() ?? now) > UNFINISHED_MS;
    } catch {
      return false;
    }
  };
  for (const folder of [INCOMING, TRASH]) {
    for (const path of below(`${root}/${folder}`)) if (isOld(path)) yield path;
  }
  for (const path of below(root)) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.startsWith(TEMPORARY_PREFIX) && !path.startsWith(`${root}/.dbx/`) && isOld(path)) yield path;
  }
}

/** All files below a folder; nothing where it is not there. Follows no links. */
function* below(folder: string): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = Array.from(Deno.readDirSync(folder));
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* below(path);
    else if (entry.isFile) yield path;
  }
}
