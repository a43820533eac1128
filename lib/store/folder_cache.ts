import { newId } from "../base/ids.ts";
import { isAbsent, kindOf, TEMPORARY_PREFIX, writeAllSync } from "./files.ts";
import type { Entry } from "./store.ts";

/** The first line of the file; one with another is not read. */
const HEAD = "dbx folders 1";

/**
 * A folder that changed so few milliseconds ago may change again without its time telling: times have a grain, two
 * seconds on the coarsest file systems.
 */
const GRAIN = 2000;

/** What a folder held when its time of change was `at`; `text`: as it stands in the file, taken apart when it is asked for. */
interface Listing {
  readonly at: number;
  readonly entries?: readonly Entry[];
  readonly text?: string;
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
        return known.entries ?? entriesOf(known.text!);
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
    const lines = [HEAD];
    for (const [path, { at, entries, text }] of this.#seen) {
      const line = `${path}\t${at}\t${text ?? textOf(entries!)}`;
      if (!line.includes("\n")) lines.push(line); // Nobody needs folders whose names hold line feeds to be fast.
    }
    lines.push(`end ${lines.length}`);
    const parent = this.file.slice(0, this.file.lastIndexOf("/"));
    const temporary = `${parent}/${TEMPORARY_PREFIX}${newId()}`;
    try {
      Deno.mkdirSync(parent, { recursive: true });
      {
        using file = Deno.openSync(temporary, { write: true, createNew: true });
        writeAllSync(file, new TextEncoder().encode(lines.join("\n")));
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
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch {
    return listings;
  }
  const lines = text.split("\n");
  // What is cut off would hide files, so a file without its end says nothing.
  if (lines[0] !== HEAD || lines.pop() !== `end ${lines.length}`) return listings;
  for (const line of lines) {
    const first = line.indexOf("\t");
    const second = line.indexOf("\t", first + 1);
    if (second > 0) {
      listings.set(line.slice(0, first), { at: Number(line.slice(first + 1, second)), text: line.slice(second + 1) });
    }
  }
  return listings;
}

/** Names separated by tabs, which none of a repository holds; a folder's ends with a slash, and what is neither with two. */
function textOf(entries: readonly Entry[]): string {
  const suffix = { file: "", folder: "/", other: "//" };
  return entries.map(({ name, kind }) => (name.includes("\t") ? "" : name + suffix[kind])).join("\t");
}

function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const name of text.split("\t")) {
    if (name.endsWith("//")) entries.push({ name: name.slice(0, -2), kind: "other" });
    else if (name.endsWith("/")) entries.push({ name: name.slice(0, -1), kind: "folder" });
    else if (name !== "") entries.push({ name, kind: "file" });
  }
  return entries;
}
