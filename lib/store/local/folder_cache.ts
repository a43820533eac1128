import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { DerivedFolder } from "../../fs/folders/derived_folder.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { meetLink } from "../../fs/links/links_met.ts";
import { entryOf } from "./files/entry_kind.ts";
import type { Entry } from "../store.ts";

/** The first line of the file; one with another is not read. */
const HEAD = "dbx folders 3";

/** How to list a folder. */
export interface ListOptions {
  /** Whatever was kept of it. */
  readonly fresh?: boolean;
  /** With the sizes of its files, which never change: they are kept with the listing. */
  readonly sized?: boolean;
}

/** What a folder held when it was in a state; `text`: as it stands in the file, taken apart when it is asked for. */
interface Listing {
  readonly state: string;
  readonly entries?: readonly Entry[];
  readonly text?: string;
}

/**
 * Listings of folders, which hold as long as a folder is the same one (device, inode) and neither of its times has
 * changed: a look at them is several times cheaper than a listing. The time of modification alone would not do: `rsync -a`,
 * `cp -p` and `touch -r` set it back. Kept in a file from one process to the next; one that is missing or damaged is an
 * empty cache.
 */
export class FolderCache {
  #old: ReadonlyMap<string, Listing> | undefined;
  readonly #seen = new Map<string, Listing>();
  #changed = false;

  /** `root`: the folder above all. `file`: an absolute path; without one, listings are kept in memory only. */
  constructor(readonly root: RootFolder, readonly file?: string) {}

  /** What stands in a folder (a name below the root); nothing where it is not there. */
  list(name: string, options: ListOptions = {}): readonly Entry[] {
    const folder = this.root.pathOf(name);
    const entries = this.#list(name, folder, options);
    for (const { isLink, name } of entries) if (isLink && !name.startsWith(".")) meetLink(`${folder}/${name}`);
    return entries;
  }

  #list(name: string, folder: string, { fresh = false, sized = false }: ListOptions): readonly Entry[] {
    try {
      // The folders above were listed before it, from the root on; that one may be a link.
      const info = this.root.look(name);
      if (!info?.isDirectory) return [];
      const state = stateOf(info);
      this.#old ??= load(this.file);
      const known = fresh ? undefined : this.#seen.get(folder) ?? this.#old.get(folder);
      if (state !== undefined && known?.state === state) {
        this.#seen.set(folder, known);
        return known.entries ?? entriesOf(known.text!);
      }
      const entries = this.root.listProved(name).map((entry) => {
        const found = entryOf(entry);
        const size = sized && found.kind === "file" ? this.root.look(`${name}/${found.name}`)?.size : undefined;
        return size === undefined ? found : { ...found, size };
      });
      if (state !== undefined && this.root.now() - latest(info) >= TIMESTAMP_GRANULARITY_MS) {
        this.#seen.set(folder, { state, entries });
        this.#changed = true;
      } else this.#seen.delete(folder);
      return entries;
    } catch (error) {
      if (isAbsent(error)) return [];
      throw toDiskError(error, folder, "list");
    }
  }

  /** Keeps what the listings met. Where that cannot be written, the next process lists again. */
  save(): void {
    if (this.file === undefined || !this.#changed) return;
    this.#changed = false;
    const lines = [HEAD];
    for (const [path, { state, entries, text }] of this.#seen) {
      const line = `${path}\t${state}\t${text ?? textOf(entries!)}`;
      if (!line.includes("\n")) lines.push(line); // Names with line feeds are not cached; they are vanishingly rare.
    }
    lines.push(`end ${lines.length}`);
    const [folder, name] = DerivedFolder.of(this.file);
    try {
      folder.replace(name, lines.join("\n"));
    } catch {
      // The next process lists again.
    }
  }
}

/** What changes with every entry that comes or goes, and with the folder itself; undefined if a system does not say. */
function stateOf({ dev, ino, mtime, ctime }: Deno.FileInfo): string | undefined {
  if (ino === null || mtime === null || ctime === null) return undefined;
  return `${dev} ${ino} ${mtime.getTime()} ${ctime.getTime()}`;
}

function latest({ mtime, ctime }: Deno.FileInfo): number {
  return Math.max(mtime?.getTime() ?? NaN, ctime?.getTime() ?? NaN);
}

function load(file: string | undefined): Map<string, Listing> {
  const listings = new Map<string, Listing>();
  if (file === undefined) return listings;
  let text: string;
  try {
    const [folder, name] = DerivedFolder.of(file);
    text = folder.readText(name);
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
      listings.set(line.slice(0, first), { state: line.slice(first + 1, second), text: line.slice(second + 1) });
    }
  }
  return listings;
}

/** Names separated by tabs, which none of a repository holds; slashes at its end, or one and a size, say what one is. */
function textOf(entries: readonly Entry[]): string {
  const suffix = { file: "", folder: "/", other: "//" };
  return entries.map(({ name, kind, isLink, size }) => {
    if (name.includes("\t")) return "";
    return name + (size !== undefined ? `/${size}` : isLink ? "///" : suffix[kind]);
  }).join("\t");
}

function entriesOf(text: string): Entry[] {
  const entries: Entry[] = [];
  for (const name of text.split("\t")) {
    if (name.endsWith("///")) entries.push({ name: name.slice(0, -3), kind: "other", isLink: true });
    else if (name.endsWith("//")) entries.push({ name: name.slice(0, -2), kind: "other" });
    else if (name.endsWith("/")) entries.push({ name: name.slice(0, -1), kind: "folder" });
    else if (name !== "") {
      const slash = name.indexOf("/");
      if (slash < 0) entries.push({ name, kind: "file" });
      else entries.push({ name: name.slice(0, slash), kind: "file", size: Number(name.slice(slash + 1)) });
    }
  }
  return entries;
}
