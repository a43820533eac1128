import { isIdV0 } from "../base/ids.ts";
import { kindOfName } from "../format/kinds.ts";
import { logNameOf, MARKER_FILE, META_FILE } from "../format/names.ts";
import type { Entry, FileEntry, Stat } from "./store.ts";

/** What a walk needs of a store; answers may come at once. */
export interface Tree {
  list(folder: string): readonly Entry[] | Promise<readonly Entry[]>;
  stat(name: string): Stat | undefined | Promise<Stat | undefined>;
}

/** Files in one batch. */
const BATCH = 512;

/**
 * Every file of a repository that the format knows, in batches. Objects come without their sizes: their names say what
 * they hold. Symbolic links, and what begins with a dot, are passed over.
 */
export async function* walk(tree: Tree, signal?: AbortSignal): AsyncGenerator<readonly FileEntry[], void> {
  let batch: FileEntry[] = [];
  for await (const name of names(tree)) {
    if (name.startsWith("objects/")) batch.push({ name });
    else {
      const found = tree.stat(name);
      const stat = found instanceof Promise ? await found : found;
      if (stat?.kind !== "file") continue; // It is gone, or something else by now.
      batch.push({ name, size: stat.size, modifiedAt: stat.modifiedAt });
    }
    if (batch.length < BATCH) continue;
    signal?.throwIfAborted();
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* names(tree: Tree): AsyncGenerator<string, void> {
  for (const entry of await tree.list("")) {
    if (entry.kind === "file" && entry.name === MARKER_FILE) yield entry.name;
    else if (isFolder(entry)) yield* entry.name === "objects" ? objects(tree) : below(tree, entry.name, entry.name);
  }
}

async function* objects(tree: Tree): AsyncGenerator<string, void> {
  for (const shelf of await tree.list("objects")) {
    if (!isFolder(shelf) || !/^[0-9a-f]{2}$/.test(shelf.name)) continue;
    for (const entry of await tree.list(`objects/${shelf.name}`)) {
      const name = `objects/${shelf.name}/${entry.name}`;
      if (entry.kind === "file" && kindOfName(name) === "object") yield name;
    }
  }
}

async function* below(tree: Tree, path: string, last: string): AsyncGenerator<string, void> {
  const entries = await tree.list(path);
  const isExperiment = isIdV0(last) &&
    entries.some(({ name }) => name === META_FILE || name === "runs" || logNameOf(name) !== undefined);
  if (!isExperiment) {
    for (const entry of entries) {
      if (isFolder(entry)) yield* below(tree, `${path}/${entry.name}`, entry.name);
    }
  } else if (entries.some((entry) => entry.kind === "file" && logNameOf(entry.name) !== undefined)) {
    yield* all(tree, path, entries);
  } else {
    for (const entry of entries) {
      const inside = `${path}/${entry.name}`;
      if (entry.kind === "file") {
        if (entry.name === META_FILE) yield inside;
      } else if (!isFolder(entry)) continue;
      else if (entry.name === "notes") yield* files(inside, await tree.list(inside), false);
      else if (entry.name === "runs") {
        for (const run of await tree.list(inside)) {
          const folder = `${inside}/${run.name}`;
          if (isFolder(run)) yield* files(folder, await tree.list(folder), true);
        }
      }
    }
  }
}

/** The logs in a folder, and its definition. */
function* files(folder: string, entries: readonly Entry[], definition: boolean): Generator<string, void> {
  for (const { name, kind } of entries) {
    if (kind !== "file" || name.startsWith(".")) continue;
    if (logNameOf(name) !== undefined || (definition && name === META_FILE)) yield `${folder}/${name}`;
  }
}

/** Every file of an experiment of version 0. */
async function* all(tree: Tree, folder: string, entries: readonly Entry[]): AsyncGenerator<string, void> {
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const inside = `${folder}/${entry.name}`;
    if (entry.kind === "folder") yield* all(tree, inside, await tree.list(inside));
    else if (entry.kind === "file" && kindOfName(inside) !== undefined) yield inside;
  }
}

function isFolder(entry: Entry): boolean {
  return entry.kind === "folder" && !entry.name.startsWith(".");
}
