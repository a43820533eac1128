import { parentOf } from "../../../base/paths.ts";
import { pause } from "../../../base/time.ts";
import type { Yielder } from "../../../base/yielder.ts";
import { References } from "../../../format/layout/object_references.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { markCollected } from "../files/collected_objects.ts";
import { changedAt, clockSkew, objectNames, readReferences, TRASH } from "../files/gc_files.ts";

/** What became of objects. */
export interface ObjectsGone {
  readonly objects: number;
  readonly bytes: number;
  /** Why some stay that should go. */
  readonly why?: string;
}

/** An object is put a moment before a line refers to it, in milliseconds. */
const QUIET_MS = 2000;

/** What nothing refers to may belong to a run that is just being made. */
const WASTE_MS = 600_000;

/** So often it is looked again where an object was put again meanwhile. */
const TURNS = 5;

/**
 * Removes those of some objects that nothing refers to. `waste`: also all others that nothing has referred to for a
 * while. Where a file cannot be read that may refer to them, all stay, unless `force`: it may be the reason why they
 * are still needed.
 */
export async function removeObjects(
  root: RootFolder,
  names: Iterable<string>,
  options: {
    readonly waste?: boolean;
    readonly force?: boolean;
    readonly yielder: Yielder;
    readonly onFile?: () => void;
  },
): Promise<ObjectsGone> {
  const { yielder, force = false } = options;
  let left = new Set<string>();
  const skew = clockSkew(root);
  const old = Date.now() + skew - WASTE_MS;
  for (const name of names) if (root.lstat(name)?.isFile) left.add(name);
  if (options.waste) {
    for (const name of objectNames(root)) {
      await yielder.checkpoint();
      const info = root.lstat(name);
      if (info !== undefined && changedAt(info) < old) left.add(name);
    }
  }
  let objects = 0, bytes = 0;
  for (let turn = 0; left.size > 0; turn++) {
    if (turn === TURNS) return { objects, bytes, why: "another process keeps writing them" };
    const times = await settledTimes(root, left, skew, yielder);
    // Other copies that still have them must not bring them back. A writer of a line that refers to one of them takes that back.
    markCollected(root, times.keys());
    const referred = new References();
    for (const _ of readReferences(root, () => referred)) {
      options.onFile?.();
      await yielder.checkpoint();
    }
    const closed = referred.unread.find(({ isClosed }) => isClosed);
    if (closed !== undefined && !force) {
      markCollected(root, times.keys(), true);
      return { objects, bytes, why: `${closed.name} cannot be read, and may refer to them: ${closed.message}` };
    }
    const again = new Set<string>();
    markCollected(root, times.keys().filter((name) => referred.has(name)), true);
    for (const [name, time] of times) {
      if (referred.has(name)) continue;
      const size = removeUnchanged(root, name, time);
      if (size === "changed") again.add(name);
      else if (size !== "gone") {
        objects++;
        bytes += size;
      }
    }
    left = again;
  }
  return { objects, bytes };
}

/** When objects were put, once that is a moment ago: then a line that refers to one is there. */
async function settledTimes(
  root: RootFolder,
  names: ReadonlySet<string>,
  skew: number,
  { signal }: Yielder,
): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  let youngest = -Infinity;
  for (const name of names) {
    const info = root.lstat(name);
    if (info === undefined) continue;
    times.set(name, info.mtime?.getTime() ?? 0);
    youngest = Math.max(youngest, info.mtime?.getTime() ?? 0);
  }
  const wait = Math.min(QUIET_MS, youngest + QUIET_MS - (Date.now() + skew));
  if (wait > 0) await pause(wait);
  signal?.throwIfAborted();
  return times;
}

/** Removes an object that was not put again since a time; its size. */
function removeUnchanged(root: RootFolder, name: string, time: number): number | "changed" | "gone" {
  const trash = `${TRASH}/${name.slice(-64)}`;
  root.makeFolder(TRASH);
  try {
    root.rename(name, trash);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "gone";
    throw error;
  }
  const info = root.lstat(trash);
  if (info !== undefined && info.mtime?.getTime() !== time) {
    root.rename(trash, name);
    return "changed";
  }
  root.remove(trash);
  root.syncNames(parentOf(name));
  return info?.size ?? 0;
}
