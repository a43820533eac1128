import { lastSegment, parentOf } from "../../base/paths.ts";
import { NOTES_FOLDER } from "../../format/layout/names.ts";
import { isNotesFile } from "../../format/layout/name_tests.ts";
import { NotFoundError } from "../../base/errors.ts";
import type { RemoteStore } from "./remote_store.ts";
import { concat } from "../../base/bytes.ts";
import type { Capabilities, Entry, FileEntry, Stat, Store } from "../../store/store.ts";

/** Logs of at most so many bytes come together with others. */
const SMALL_LOG = 64 * 1024;
/** Bytes that are brought together at most. */
const MAX_PREFETCHED_BYTES = 256 * 1024 * 1024;

/**
 * A repository behind a URL at a moment: one inventory lists what exists, and small files of one sort come all together
 * when the first of them is read. So what walks through a repository file by file costs a few requests, not one a file.
 * Logs are read up to where they were at that moment.
 */
export class CachedStore implements Store {
  readonly location: string;
  readonly capabilities: Capabilities;
  #entries = new Map<string, FileEntry>();
  #folders = new Map<string, Map<string, Entry["kind"]>>();
  #contents = new Map<string, { readonly of: FileEntry; readonly bytes: Uint8Array<ArrayBuffer> }>();

  constructor(readonly remote: RemoteStore) {
    this.location = remote.location;
    this.capabilities = { ...remote.capabilities, readOnly: true };
  }

  /** Takes a new inventory, of which only changes are sent. What was read and is still the same is kept. */
  async refresh(signal?: AbortSignal): Promise<void> {
    const entries = new Map<string, FileEntry>();
    for await (const batch of this.remote.listFiles({ known: this.#entries, signal })) {
      for (const entry of batch) if (!entry.partial) entries.set(entry.name, entry);
    }
    const contents = new Map<string, { of: FileEntry; bytes: Uint8Array<ArrayBuffer> }>();
    for (const [name, kept] of this.#contents) {
      const entry = entries.get(name);
      if (entry === undefined || entry.size !== kept.of.size || entry.modifiedAt !== kept.of.modifiedAt) continue;
      contents.set(name, kept);
    }
    this.#entries = entries;
    this.#contents = contents;
    this.#folders = foldersOf(entries.keys());
  }

  async *list(folder: string): AsyncIterable<Entry> {
    for (const [name, kind] of this.#folders.get(folder) ?? []) yield await Promise.resolve({ name, kind });
  }

  stat(name: string): Promise<Stat | undefined> {
    const entry = this.#entries.get(name);
    if (entry !== undefined) {
      return Promise.resolve({ kind: "file", size: entry.size, modifiedAt: entry.modifiedAt });
    }
    const isFolder = name === "" || this.#folders.has(name);
    return Promise.resolve(isFolder ? { kind: "folder", size: 0 } : undefined);
  }

  async read(
    name: string,
    options: { readonly offset?: number; readonly length?: number } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new NotFoundError(`Cannot read "${name}": no such file in ${this.location}`);
    const { offset = 0, length = Infinity } = options;
    if (!this.#contents.has(name)) await this.#prefetch(entry);
    const kept = this.#contents.get(name);
    if (kept !== undefined) return kept.bytes.slice(offset, Math.min(kept.bytes.length, offset + length));
    const end = Math.min(entry.size, offset + length);
    if (end <= offset) return new Uint8Array();
    return await this.remote.read(name, { offset, length: end - offset });
  }

  stream(name: string, options?: { readonly offset?: number }): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return this.remote.stream(name, options);
  }

  create(): Promise<void> {
    return Promise.reject(new Deno.errors.NotSupported("a snapshot is for reading"));
  }

  append(): Promise<void> {
    return Promise.reject(new Deno.errors.NotSupported("a snapshot is for reading"));
  }

  remove(): Promise<void> {
    return Promise.reject(new Deno.errors.NotSupported("a snapshot is for reading"));
  }

  /** Brings a small file, and with it all others of its sort that are not here yet. */
  async #prefetch(wanted: FileEntry): Promise<void> {
    const sort = sortOf(wanted);
    if (sort === undefined) return;
    const others: FileEntry[] = [];
    let bytes = 0;
    for (const entry of this.#entries.values()) {
      if (sortOf(entry) !== sort || this.#contents.has(entry.name)) continue;
      bytes += entry.size;
      if (bytes > MAX_PREFETCHED_BYTES && entry !== wanted) continue;
      others.push(entry);
    }
    let pieces: Uint8Array[] = [];
    for await (const batch of this.remote.readMany(others.map(({ name }) => ({ name, offset: 0 })))) {
      for (const part of batch) {
        pieces.push(part.bytes);
        if (!part.end) continue;
        const of = this.#entries.get(part.name);
        const all = concat(pieces);
        pieces = [];
        // Of a log that has grown since, what was there at the moment of the inventory.
        if (of !== undefined && part.error === undefined) {
          this.#contents.set(part.name, { of, bytes: all.subarray(0, of.size) });
        }
      }
    }
  }
}

/** Files that are read one after another are of one sort; what is large comes by itself. */
function sortOf({ name, kind, size }: FileEntry): string | undefined {
  if (kind === "definition" || kind === "registry") return kind;
  if (kind !== "log" || size > SMALL_LOG) return undefined;
  if (isNotesFile(name)) return NOTES_FOLDER;
  return lastSegment(name);
}

function foldersOf(names: Iterable<string>): Map<string, Map<string, Entry["kind"]>> {
  const folders = new Map<string, Map<string, Entry["kind"]>>();
  for (const name of names) {
    let kind: Entry["kind"] = "file";
    for (let child = name; child !== ""; kind = "folder") {
      const folder = parentOf(child);
      let own = folders.get(folder);
      if (own === undefined) folders.set(folder, own = new Map());
      const last = lastSegment(child);
      const isKnown = own.has(last);
      own.set(last, kind);
      if (isKnown) break;
      child = folder;
    }
  }
  return folders;
}
