import { newId } from "../base/ids.ts";
import { isObject } from "../base/json.ts";
import { isAbsent, kindOf, TEMPORARY_PREFIX, writeAllSync } from "./files.ts";
import type { Entry } from "./store.ts";

/** The version of the file; another one is not read. */
const VERSION = 1;

/**
 * A folder that changed so few milliseconds ago may change again without its time telling: times have a grain, two
 * seconds on the coarsest file systems.
 */
const GRAIN = 2000;

/** What a folder held when its time of change was `at`. */
interface Listing {
  readonly at: number;
  readonly entries: readonly Entry[];
}

/**
 * Listings of folders, which hold as long as the folder's time of change stays: a look at that time is several times
 * cheaper than a listing. Kept in a file from one process to the next; one that is missing or damaged is an empty cache.
 */
export class FolderCache {
  #old: ReadonlyMap<string, Listing> | undefined;
  readonly #seen = new Map<string, Listing>();
  #changed = false;

  /** `file`: an absolute path; without one, nothing is kept but in memory. */
  constructor(readonly file?: string) {}

  /** What stands in a folder (an absolute path); nothing where it is not there. */
  list(folder: string): readonly Entry[] {
    try {
      const info = Deno.lstatSync(folder);
      if (!info.isDirectory) return [];
      const at = info.mtime?.getTime() ?? NaN;
      this.#old ??= load(this.file);
      const known = this.#seen.get(folder) ?? this.#old.get(folder);
      if (known?.at === at) {
        this.#seen.set(folder, known);
        return known.entries;
      }
      const entries: Entry[] = [];
      for (const entry of Deno.readDirSync(folder)) entries.push({ name: entry.name, kind: kindOf(entry) });
      if (Date.now() - at >= GRAIN) {
        this.#seen.set(folder, { at, entries });
        this.#changed = true;
      } else this.#seen.delete(folder);
      return entries;
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  /** Keeps what the listings met. Where that cannot be written, the next process lists again. */
  save(): void {
    if (this.file === undefined || !this.#changed) return;
    this.#changed = false;
    const folders = Array.from(this.#seen, ([path, { at, entries }]) => {
      return [
        path,
        at,
        entries.map(({ name, kind }) => (kind === "folder" ? `${name}/` : kind === "file" ? name : `${name}//`)),
      ];
    });
    const parent = this.file.slice(0, this.file.lastIndexOf("/"));
    const temporary = `${parent}/${TEMPORARY_PREFIX}${newId()}`;
    try {
      Deno.mkdirSync(parent, { recursive: true });
      {
        using file = Deno.openSync(temporary, { write: true, createNew: true });
        writeAllSync(file, new TextEncoder().encode(JSON.stringify({ version: VERSION, folders })));
      }
      Deno.renameSync(temporary, this.file);
    } catch {
      try {
        Deno.removeSync(temporary);
      } catch {
        // It was never made.
      }
    }
  }
}

function load(file: string | undefined): Map<string, Listing> {
  const listings = new Map<string, Listing>();
  if (file === undefined) return listings;
  try {
    const json: unknown = JSON.parse(Deno.readTextFileSync(file));
    if (!isObject(json) || json.version !== VERSION) return listings;
    for (const [path, at, names] of json.folders as [string, number, string[]][]) {
      const entries = names.map((name): Entry => {
        if (name.endsWith("//")) return { name: name.slice(0, -2), kind: "other" };
        return name.endsWith("/") ? { name: name.slice(0, -1), kind: "folder" } : { name, kind: "file" };
      });
      listings.set(path, { at, entries });
    }
    return listings;
  } catch {
    return new Map();
  }
}
