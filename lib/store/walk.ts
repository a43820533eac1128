import { type Pace, Yielder } from "../base/yielder.ts";
import { isIdV0 } from "../base/ids.ts";
import { classifyPath, type FileKind, isSegment, MAX_NAME } from "../format/layout/file_kind.ts";
import {
  LOG_FILE,
  logNameOf,
  MARKER_FILE,
  META_FILE,
  NOTES_FOLDER,
  objectName,
  OBJECTS_FOLDER,
  PURGED_FOLDER,
  RUNS_FOLDER,
  runsFolder,
} from "../format/layout/names.ts";
import { isSha256 } from "../format/json/special_values.ts";
import { purgedId } from "../format/layout/tombstone.ts";
import { holdsRuns, looksLikeV0 } from "../format/definitions/v0.ts";
import { isPathTooDeep } from "./names.ts";
import type { Entry, FileEntry, Stat } from "./store.ts";

/** What a walk needs of a store; answers may come at once. */
export interface Tree {
  list(folder: string): readonly Entry[] | Promise<readonly Entry[]>;
  stat(name: string): Stat | undefined | Promise<Stat | undefined>;
}

/** Files in one batch. */
const BATCH = 512;

/**
 * Every file of a repository that the format knows, in batches. Objects come without times: their names say what they
 * hold. Symbolic links, and what begins with a dot, are skipped.
 */
export async function* walk(
  tree: Tree,
  { signal, pace = { everyMs: Infinity } }: { readonly signal?: AbortSignal; readonly pace?: Pace } = {},
): AsyncGenerator<readonly FileEntry[], void> {
  const yielder = new Yielder(signal, pace);
  let batch: FileEntry[] = [];
  const steps = files();
  let entries: readonly Entry[] = [];
  while (true) {
    const { done, value } = steps.next(entries);
    if (done) break;
    if (yielder.shouldYield) await yielder.yieldNow();
    if ("folder" in value) {
      // What is deeper has no name that a peer takes; a check of the repository reports it.
      const listed = isPathTooDeep(value.folder) ? [] : tree.list(value.folder);
      entries = listed instanceof Promise ? await listed : listed;
      continue;
    }
    const { name, kind, size } = value;
    if (name.length > MAX_NAME) continue;
    if (size !== undefined) batch.push({ name, kind, size });
    else {
      const found = tree.stat(name);
      const stat = found instanceof Promise ? await found : found;
      if (stat?.kind !== "file") continue; // It is gone, or something else by now.
      const { size, modifiedAt, changedAt } = stat;
      batch.push(kind === "object" ? { name, kind, size } : { name, kind, size, modifiedAt, changedAt });
    }
    if (batch.length < BATCH) continue;
    signal?.throwIfAborted();
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A file, with the size of an object where the listing says it, as its kind follows from where it stands. */
interface Found {
  readonly name: string;
  readonly kind: FileKind;
  readonly size?: number;
}

/** Files, and folders whose entries are wanted: the loop above lists those, at once or in time. */
type Steps = Generator<Found | { readonly folder: string }, void, readonly Entry[]>;

function* list(folder: string): Generator<{ readonly folder: string }, readonly Entry[], readonly Entry[]> {
  return yield { folder };
}

function* files(): Steps {
  const top = yield* list("");
  // All that is in a folder without a marker is in format v0.
  const isV0 = !top.some(({ name, kind }) => kind === "file" && name === MARKER_FILE);
  for (const entry of top) {
    if (entry.kind === "file" && entry.name === MARKER_FILE) yield { name: MARKER_FILE, kind: "marker" };
    else if (isFolder(entry) && entry.name === PURGED_FOLDER) yield* tombstones(isV0);
    else if (isFolder(entry)) yield* entry.name === OBJECTS_FOLDER ? objects() : below(entry.name, entry.name, isV0);
  }
}

/** Tombstones, and experiments of that name, which older writers allowed. */
function* tombstones(isV0: boolean): Steps {
  for (const { name, kind } of yield* list(PURGED_FOLDER)) {
    const path = `${PURGED_FOLDER}/${name}`;
    if (kind === "file" && purgedId(path) !== undefined) yield { name: path, kind: "tombstone" };
    else if (kind === "folder" && isSegment(name)) yield* below(path, name, isV0);
  }
}

function* objects(): Steps {
  for (const shelf of yield* list(OBJECTS_FOLDER)) {
    if (!isFolder(shelf) || !/^[0-9a-f]{2}$/.test(shelf.name)) continue;
    for (const entry of yield* list(`${OBJECTS_FOLDER}/${shelf.name}`)) {
      if (entry.kind === "file" && isSha256(entry.name) && entry.name.startsWith(shelf.name)) {
        yield { name: objectName(entry.name), kind: "object", size: entry.size };
      }
    }
  }
}

function* below(path: string, last: string, isV0: boolean): Steps {
  const entries = yield* list(path);
  const isExperiment = isIdV0(last) &&
    entries.some(({ name }) => name === META_FILE || name === RUNS_FOLDER || logNameOf(name) !== undefined);
  if (!isExperiment) {
    for (const entry of entries) if (isFolder(entry)) yield* below(`${path}/${entry.name}`, entry.name, isV0);
  } else {
    const runs = entries.some((entry) => entry.name === RUNS_FOLDER && isFolder(entry))
      ? yield* list(runsFolder(path))
      : [];
    if ((isV0 || looksLikeV0(entries)) && !holdsRuns(runs)) return yield* all(path, entries);
    for (const entry of entries) {
      const inside = `${path}/${entry.name}`;
      if (entry.kind === "file") {
        if (entry.name === META_FILE) yield { name: inside, kind: "definition" };
      } else if (!isFolder(entry)) continue;
      else if (entry.name === NOTES_FOLDER) yield* known(inside, yield* list(inside), false);
      else if (entry.name === RUNS_FOLDER) {
        for (const run of runs) {
          const folder = `${inside}/${run.name}`;
          if (isFolder(run) && isIdV0(run.name)) yield* known(folder, yield* list(folder), true);
        }
      }
    }
  }
}

/** The logs in a folder, and, of a run, its definition. Notes have no log named `log`. */
function* known(folder: string, entries: readonly Entry[], isRun: boolean): Generator<Found, void> {
  for (const { name, kind } of entries) {
    if (kind !== "file") continue;
    if (name === META_FILE) {
      if (isRun) yield { name: `${folder}/${name}`, kind: "definition" };
    } else if (name === LOG_FILE ? isRun : logNameOf(name) !== undefined && isSegment(name)) {
      yield { name: `${folder}/${name}`, kind: "log" };
    }
  }
}

/** Every file of a v0 experiment. */
function* all(folder: string, entries: readonly Entry[]): Steps {
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const inside = `${folder}/${entry.name}`;
    const kind = entry.kind === "file" ? classifyPath(inside) : undefined;
    if (entry.kind === "folder") yield* all(inside, yield* list(inside));
    else if (kind !== undefined) yield { name: inside, kind };
  }
}

function isFolder(entry: Entry): boolean {
  return entry.kind === "folder" && isSegment(entry.name);
}
