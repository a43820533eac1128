import { lstatIfThere } from "../../../fs/files/lstat.ts";
import type { KeptPlace } from "./kept_place.ts";

/** Milliseconds for which a file must not change that nobody says was closed. */
const SETTLED_MS = 3000;

/** Milliseconds within which a file may be written twice and get one time both times: two ticks of the clock of a file system. */
const TICK_MS = 20;

/** Files that are looked at in one place at most: a glob may have been meant in another way. */
const MAX_FILES = 100_000;

/** A file that is whole, as far as can be told. */
export interface WholeFile {
  readonly path: string;
  readonly place: KeptPlace;
  readonly info: Deno.FileInfo;
  /** Whether it can be written again, and look as it does now. */
  readonly isFresh: boolean;
}

/** What a file was like at a look. */
interface Seen {
  readonly state: string;
  /** When it was first like that, by `performance.now`. */
  readonly since: number;
}

/**
 * Finds files that a program has finished writing. Where the system tells when a file is closed (Linux), that is the moment; where
 * not, a file counts as whole that has not changed for some seconds. Links are not followed.
 */
export class FileWatch implements Disposable {
  readonly #seen = new Map<string, Seen>();
  /** The states in which files were kept, or were there before. */
  readonly #known = new Map<string, string>();
  readonly #watchers = new Map<string, Deno.FsWatcher>();
  readonly #writing = new Set<string>();
  readonly #closed = new Set<string>();
  readonly #clock: () => number;
  /** The places in which files were found, and whether some of them were new. */
  readonly #found = new Map<KeptPlace, boolean>();
  /** How long the last look took, in milliseconds. */
  lookMs = 0;

  constructor(readonly places: readonly KeptPlace[], clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /** Takes files that are there for known ones. `isOld`: which of them, by name and time. */
  ignore(places: readonly KeptPlace[], isOld: (name: string, modifiedAt: number) => boolean): void {
    for (const place of places) {
      for (const { path, info } of filesOf(place)) {
        this.#found.set(place, false);
        if (isOld(place.nameOf(path), info.mtime?.getTime() ?? 0)) this.#known.set(path, stateOf(info));
      }
    }
  }

  /** The files that are whole, and were not kept as they are now, the oldest first. `all`: also those that may still be written. */
  look(all = false): WholeFile[] {
    const now = this.#clock();
    const whole: WholeFile[] = [];
    const met = new Set<string>();
    for (const place of this.places) {
      this.#watch(place);
      for (const { path, info } of filesOf(place)) {
        const state = stateOf(info);
        const isKnown = this.#known.get(path) === state;
        if (!isKnown || !this.#found.has(place)) this.#found.set(place, !isKnown);
        if (met.has(path)) continue;
        met.add(path);
        if (isKnown) continue;
        const seen = this.#seen.get(path);
        if (seen?.state !== state) this.#seen.set(path, { state, since: now });
        const isSettled = seen?.state === state && !this.#writing.has(path) && now - seen.since >= SETTLED_MS;
        const isFresh = Math.abs(Date.now() - (info.mtime?.getTime() ?? 0)) < TICK_MS;
        if (all || this.#closed.has(path) || isSettled) whole.push({ path, place, info, isFresh });
      }
    }
    for (const path of this.#seen.keys()) if (!met.has(path)) this.#seen.delete(path);
    this.lookMs = this.#clock() - now;
    return whole.sort((a, b) => (a.info.mtime?.getTime() ?? 0) - (b.info.mtime?.getTime() ?? 0));
  }

  /** What was found in a place so far: files that were there before do not count as new ones until they change. */
  found(place: KeptPlace): "nothing" | "old" | "new" {
    const hasNew = this.#found.get(place);
    return hasNew === undefined ? "nothing" : hasNew ? "new" : "old";
  }

  /** Remembers that a file was kept as it was. One that was just written is looked at once more. */
  keep({ path, info, isFresh }: WholeFile): void {
    if (isFresh) return;
    this.#known.set(path, stateOf(info));
    this.#seen.delete(path);
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch({ folder, depth }: KeptPlace): void {
    if (this.#watchers.has(folder) || lstatIfThere(folder)?.isDirectory !== true) return;
    try {
      const watcher = Deno.watchFs(folder, { recursive: depth > 1 });
      this.#watchers.set(folder, watcher);
      void this.#follow(folder, watcher);
    } catch {
      // The system has no more watchers to give: then time tells.
    }
  }

  async #follow(folder: string, watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const { kind, paths } of watcher) {
        for (const path of paths) {
          if (kind === "create" || kind === "modify") {
            this.#writing.add(path);
            this.#closed.delete(path);
          } else {
            this.#writing.delete(path);
            // It was closed, or got its name when it was whole.
            if (kind === "access" || kind === "rename") this.#closed.add(path);
            else this.#closed.delete(path);
          }
        }
      }
    } catch {
      // The folder went.
    } finally {
      this.#watchers.delete(folder);
    }
  }
}

function stateOf({ size, mtime, ino }: Deno.FileInfo): string {
  return `${ino} ${size} ${mtime?.getTime()}`;
}

/** The files of a place that are there. */
function* filesOf({ folder, depth, matches }: KeptPlace): Generator<{ path: string; info: Deno.FileInfo }> {
  let left = MAX_FILES;
  const folders = [{ path: folder, depth }];
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(at.path)];
    } catch {
      continue; // It is not there yet, or cannot be read.
    }
    for (const { name, isFile, isDirectory } of entries) {
      const path = `${at.path === "/" ? "" : at.path}/${name}`;
      if (isDirectory && at.depth > 1 && !name.startsWith(".")) folders.push({ path, depth: at.depth - 1 });
      if (!isFile || !matches(path) || left-- <= 0) continue;
      const info = lstatIfThere(path);
      if (info?.isFile === true) yield { path, info };
    }
  }
}
