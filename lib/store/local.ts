import { DamageError, DbxError, NotFoundError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import {
  isAbsent,
  kindOf,
  makeFolder,
  placeSync,
  removeSync,
  syncFolder,
  TEMPORARY_PREFIX,
  writeAllSync,
} from "./files.ts";
import { FolderCache } from "./folder_cache.ts";
import { giveLocal, LocalProver, partialObjects } from "./local_bulk.ts";
import { INCOMING, LocalTaker } from "./local_take.ts";
import { checkName, parentOf } from "./names.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  Extent,
  FileEntry,
  Part,
  Proof,
  Stat,
  Store,
  Taken,
  Want,
} from "./store.ts";
import { walk } from "./walk.ts";

/** A file of fewer bytes is read by one call. */
const SMALL = 64 * 1024;

/**
 * A folder of this machine as a store. Reading needs read permission on the folder, writing also write permission.
 * The calls are synchronous inside: for the many small files of a repository that is several times faster.
 */
export class LocalStore implements Store {
  readonly capabilities: Capabilities;
  readonly #cache: FolderCache;
  readonly #prover: LocalProver;

  /**
   * `location`: the absolute path of the folder. `cache`: the absolute path of a file for what inventories learn, so that
   * the next one need not list what has not changed; only memory without one.
   */
  constructor(readonly location: string, options: { readonly readOnly?: boolean; readonly cache?: string } = {}) {
    this.capabilities = { append: true, readOnly: options.readOnly ?? false, remove: true, remote: false };
    this.#cache = new FolderCache(options.cache);
    this.#prover = new LocalProver((name) => this.path(name));
  }

  /** The file for what inventories learn. */
  get cache(): string | undefined {
    return this.#cache.file;
  }

  /** The absolute path of a name. */
  path(name: string): string {
    if (name === "") return this.location;
    checkName(name);
    return `${this.location}/${name}`;
  }

  /**
   * Refuses a name that a folder above it, which is a symbolic link, leads elsewhere: for names that strangers give.
   * `checked`: folders that were looked at, so that none is looked at twice.
   */
  checkInside(name: string, checked: Set<string> = new Set()): void {
    for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
      const folder = name.slice(0, slash);
      if (checked.has(folder)) continue;
      checked.add(folder);
      try {
        if (Deno.lstatSync(this.path(folder)).isSymlink) throw isLink(folder);
      } catch (error) {
        if (isAbsent(error)) return;
        throw error;
      }
    }
  }

  async *list(folder: string, options: { readonly signal?: AbortSignal } = {}): AsyncIterable<Entry> {
    options.signal?.throwIfAborted();
    let entries: Entry[];
    try {
      entries = [];
      for (const entry of Deno.readDirSync(this.path(folder))) entries.push({ name: entry.name, kind: kindOf(entry) });
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    yield* entries;
  }

  stat(name: string): Promise<Stat | undefined> {
    return now(() => {
      try {
        const info = Deno.lstatSync(this.path(name));
        return { kind: kindOf(info), size: info.size, modifiedAt: info.mtime?.getTime() };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    });
  }

  read(
    name: string,
    options: { readonly offset?: number; readonly length?: number; readonly listed?: boolean } = {},
  ): Promise<Uint8Array<ArrayBuffer>> {
    return now(() => {
      const offset = options.offset ?? 0;
      const length = options.length ?? Infinity;
      if (options.listed !== true) this.#checkPlain(name);
      using file = this.#open(name);
      if (offset > 0) file.seekSync(offset, Deno.SeekMode.Start);
      const filled = readFully(file, scratch.subarray(0, Math.min(length, SMALL)));
      if (filled === length || filled < SMALL) return scratch.slice(0, filled);
      const left = Math.min(length, Math.max(filled, file.statSync().size - offset));
      const bytes = new Uint8Array(left);
      bytes.set(scratch.subarray(0, filled));
      return bytes.subarray(0, filled + readFully(file, bytes.subarray(filled)));
    });
  }

  stream(name: string, options: { readonly offset?: number } = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return now(() => {
      this.#checkPlain(name);
      const file = this.#open(name);
      if (options.offset) file.seekSync(options.offset, Deno.SeekMode.Start);
      return file.readable;
    });
  }

  async create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    const path = this.path(name);
    this.#checkWritable(name);
    const folder = this.path(parentOf(name));
    makeFolder(folder);
    const temporary = `${folder}/${TEMPORARY_PREFIX}${newId()}`;
    try {
      {
        using file = Deno.openSync(temporary, { write: true, createNew: true });
        if (data instanceof Uint8Array) writeAllSync(file, data);
        else for await (const piece of data) writeAllSync(file, piece);
        file.syncSync();
      }
      placeSync(temporary, path);
    } finally {
      removeSync(temporary);
    }
    syncFolder(folder);
  }

  append(name: string, offset: number, data: Uint8Array): Promise<void> {
    return now(() => {
      const path = this.path(name);
      this.#checkWritable(name);
      this.#checkPlain(name);
      makeFolder(this.path(parentOf(name)));
      using file = Deno.openSync(path, { append: true, create: offset === 0 });
      file.lockSync(true);
      const size = file.statSync().size;
      if (size !== offset) {
        throw new DamageError(`Cannot append to "${name}" at ${offset}: it is ${size} bytes long`, {
          path: name,
          offset: size,
        });
      }
      try {
        writeAllSync(file, data);
      } catch (error) {
        file.truncateSync(offset);
        throw error;
      }
    });
  }

  remove(name: string): Promise<void> {
    return now(() => {
      this.#checkWritable(name);
      removeSync(this.path(name));
    });
  }

  async *inventory({ signal }: BulkOptions = {}): AsyncIterable<readonly FileEntry[]> {
    yield partialObjects(`${this.location}/${INCOMING}`);
    const inside = `${this.location}/`;
    const list = (folder: string) => this.#cache.list(folder === "" ? this.location : inside + folder);
    const stat = (name: string): Stat | undefined => {
      try {
        const info = Deno.lstatSync(inside + name);
        return { kind: kindOf(info), size: info.size, modifiedAt: info.mtime?.getTime() };
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    };
    yield* walk({ list, stat }, signal);
    this.#cache.save();
  }

  async prepare(): Promise<void> {
    this.#checkWritable("");
    await Deno.mkdir(this.location, { recursive: true });
  }

  async prove(extents: readonly Extent[], options?: BulkOptions): Promise<(Proof | undefined)[]> {
    return await this.#prover.prove(extents, options);
  }

  give(wants: readonly Want[], options?: BulkOptions): AsyncIterable<readonly Part[]> {
    return giveLocal((name) => this.path(name), wants, options);
  }

  async take(parts: AsyncIterable<readonly Part[]>, options?: BulkOptions): Promise<Taken> {
    this.#checkWritable("");
    return await new LocalTaker(this.location).take(parts, options);
  }

  settle(files: readonly FileEntry[]): Promise<void> {
    return now(() => {
      this.#checkWritable("");
      for (const { name, size, modifiedAt } of files) {
        if (modifiedAt === undefined) continue;
        try {
          // Between the look and the change a log may grow: then its length tells.
          if (Deno.lstatSync(this.path(name)).size !== size) continue;
          Deno.utimeSync(this.path(name), new Date(modifiedAt), new Date(modifiedAt));
        } catch (error) {
          if (!isAbsent(error) && !(error instanceof Deno.errors.PermissionDenied)) throw error;
        }
      }
    });
  }

  #open(name: string): Deno.FsFile {
    try {
      return Deno.openSync(this.path(name));
    } catch (error) {
      if (isAbsent(error)) throw absent(name, this.location);
      throw error;
    }
  }

  /** A link inside a repository could lead out of it; dbx makes none and follows none. */
  #checkPlain(name: string): void {
    try {
      if (!Deno.lstatSync(this.path(name)).isSymlink) return;
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    throw isLink(name);
  }

  #checkWritable(name: string): void {
    if (this.capabilities.readOnly) {
      const what = name === "" ? "" : `"${name}": `;
      throw new DbxError(`Cannot write ${what}${this.location} is open for reading only`);
    }
  }
}

/** Where small files are read to first. */
const scratch = new Uint8Array(SMALL);

/** Fills `into` from where the file stands; returns the bytes that there were. */
function readFully(file: Deno.FsFile, into: Uint8Array): number {
  let filled = 0;
  while (filled < into.length) {
    const count = file.readSync(into.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return filled;
}

function isLink(name: string): DbxError {
  return new DbxError(`Cannot use "${name}": it is a symbolic link, and dbx follows none inside a repository`);
}

function absent(name: string, location: string): NotFoundError {
  return new NotFoundError(`Cannot read "${name}": no such file in ${location}`);
}

/** Runs at once, and gives what it throws as a rejection. */
function now<T>(f: () => T): Promise<T> {
  try {
    return Promise.resolve(f());
  } catch (error) {
    return Promise.reject(error);
  }
}
