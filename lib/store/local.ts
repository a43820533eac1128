import { DamageError, DbxError, NotFoundError } from "../base/errors.ts";
import { newId } from "../base/ids.ts";
import { checkName, parentOf } from "./names.ts";
import type { Capabilities, Entry, Stat, Store } from "./store.ts";

/** A file of fewer bytes is read by one call. */
const SMALL = 64 * 1024;

/** How the names of files that are still being written start. */
export const TEMPORARY_PREFIX = ".tmp-";

/**
 * A folder of this machine as a store. Reading needs read permission on the folder, writing also write permission.
 * The calls are synchronous inside: for the many small files of a repository that is several times faster.
 */
export class LocalStore implements Store {
  readonly capabilities: Capabilities;

  /** `location`: the absolute path of the folder. */
  constructor(readonly location: string, options: { readonly readOnly?: boolean } = {}) {
    this.capabilities = { append: true, readOnly: options.readOnly ?? false };
  }

  /** The absolute path of a name. */
  path(name: string): string {
    if (name === "") return this.location;
    checkName(name);
    return `${this.location}/${name}`;
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
      throw new DbxError(`Cannot write "${name}": ${this.location} is open for reading only`);
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

function kindOf(info: { readonly isFile: boolean; readonly isDirectory: boolean }): Entry["kind"] {
  return info.isFile ? "file" : info.isDirectory ? "folder" : "other";
}

function isAbsent(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Gives a file its name unless that is taken. A hard link does so atomically; where there are none, a rename must do. */
function placeSync(from: string, to: string): void {
  try {
    Deno.linkSync(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) throw error;
    try {
      Deno.lstatSync(to);
    } catch (missing) {
      if (!isAbsent(missing)) throw missing;
      return Deno.renameSync(from, to);
    }
    throw new Deno.errors.AlreadyExists(`"${to}" exists`);
  }
}

/** Makes a folder and those above it, each one durably. */
function makeFolder(path: string): void {
  try {
    Deno.lstatSync(path);
    return;
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  Deno.mkdirSync(path, { recursive: true });
  syncFolder(path.slice(0, path.lastIndexOf("/")) || "/");
}

/** Makes the names in a folder durable. Not every system can sync a folder; there it is left to the system. */
function syncFolder(path: string): void {
  try {
    using folder = Deno.openSync(path);
    folder.syncSync();
  } catch {
    // Nothing more can be done, and the file itself is on the disk.
  }
}

function removeSync(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** Writes all bytes: one call may take fewer. */
export function writeAllSync(file: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += file.writeSync(bytes.subarray(written));
}
