import { isAbsent, temporaryBeside, writeAllSync } from "../../fs/files/file_operations.ts";
import { parentOf } from "../../base/names.ts";
import { AlreadyExistsError, DamageError, DbxError, NotFoundError, UsageError } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { privacyOf } from "../../format/layout/file_modes.ts";
import { isTombstone, purgedId, tombstoneName } from "../../format/layout/tombstone.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { linksMet } from "../../fs/links/links_met.ts";
import { LinkError, RootFolder } from "../../fs/folders/root_folder.ts";
import { entryOf, kindOf } from "./files/entry_kind.ts";
import { collectedObjects } from "./files/collected_objects.ts";
import { FolderCache } from "./folder_cache.ts";
import { askFirst, growLog } from "./logs/grow_log.ts";
import { partialObjects } from "./files/uploads.ts";
import { PrefixHasher, readChunks } from "./bulk_read.ts";
import { LocalBulkWriter } from "./write/bulk_writer.ts";
import { renewDerived, stampOf } from "./purge/derived.ts";
import { objectsBeingPurged } from "./purge/journal.ts";
import { purge, type Purged, type PurgeOptions } from "./purge/purge.ts";
import { checkNotPurged, hasTombstone, purgedIds } from "./purge/tombstones.ts";
import { setTime } from "../../fs/files/set_modified_time.ts";
import { showing, shownIn } from "./files/show_change.ts";
import { checkName } from "../names.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
  FileIssue,
  FileTime,
  ListFilesOptions,
  Look,
  Prefix,
  PrefixHash,
  ReadRange,
  Stat,
  Store,
  WriteManyOptions,
  WriteOptions,
  WriteReport,
} from "../store.ts";
import { walk } from "../walk.ts";

/** For so long, in milliseconds, objects that came are looked at when something is purged; and at so many at most. */
const LATELY_MS = 3_600_000;
const MAX_ARRIVALS = 10_000;

/** A file of fewer bytes is read by one call. */
const SMALL = 64 * 1024;

/**
 * A folder of this machine as a store. Reading needs read permission on the folder, writing also write permission.
 * The calls are synchronous inside: for the many small files of a repository that is several times faster.
 */
export class LocalStore implements Store {
  readonly capabilities: Capabilities;
  readonly #cache: FolderCache;
  readonly #prover: PrefixHasher;
  /** Objects that others sent lately, and when. */
  readonly #arrived = new Map<string, number>();
  /** All access to what stands below the folder. */
  readonly folder: RootFolder;

  /**
   * `location`: the absolute path of the folder. `cache`: the absolute path of a file for what inventories learn, so that
   * the next one need not list what has not changed; only memory without one. `now`: the clock, in milliseconds since the Unix epoch.
   */
  constructor(
    readonly location: string,
    readonly options: {
      readonly readOnly?: boolean;
      readonly cache?: string;
      readonly now?: () => number;
      /** The way to what stands below the folder. Default: one that follows no link. */
      readonly folder?: RootFolder;
      /** Purges what tombstones name that come: a server does so in another thread. Default: here. */
      readonly purge?: (store: LocalStore, ids: readonly string[], objects: readonly string[]) => Promise<Purged>;
    } = {},
  ) {
    this.capabilities = { append: true, readOnly: options.readOnly ?? false, remove: true, remote: false };
    this.folder = options.folder ?? new RootFolder(location);
    this.#cache = new FolderCache(this.folder, options.cache, options.now);
    this.#prover = new PrefixHasher(this.folder);
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

  /** Symbolic links below the folder that were met so far, by name; none of them was followed. */
  get links(): readonly string[] {
    return linksMet(this.location);
  }

  /** Refuses a name that a folder above it, which is a symbolic link, leads elsewhere: for names that strangers give. */
  checkInside(name: string): void {
    if (name !== "") checkName(name);
    try {
      this.folder.verify(parentOf(name));
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
  }

  async *list(folder: string, options: { readonly signal?: AbortSignal } = {}): AsyncIterable<Entry> {
    options.signal?.throwIfAborted();
    yield* this.listNow(folder);
  }

  listNow(folder: string): Entry[] {
    if (folder !== "") checkName(folder);
    try {
      return this.folder.list(folder).map(entryOf);
    } catch (error) {
      if (isAbsent(error) || error instanceof LinkError) return [];
      throw error;
    }
  }

  look(name: string): Look | undefined {
    let info: Deno.FileInfo;
    try {
      const found = this.folder.look(name);
      if (found === undefined) return undefined;
      info = found;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
    return lookOf(info);
  }

  readNow(name: string): Uint8Array<ArrayBuffer> {
    using file = this.#open(name);
    const bytes = new Uint8Array(file.statSync().size);
    return bytes.subarray(0, readFully(file, bytes));
  }

  stat(name: string): Promise<Stat | undefined> {
    return now(() => {
      if (name !== "") checkName(name);
      try {
        const info = this.folder.lstat(name);
        return info && statOf(info);
      } catch (error) {
        if (error instanceof LinkError) return undefined;
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
      const file = this.#open(name);
      if (options.offset) file.seekSync(options.offset, Deno.SeekMode.Start);
      return file.readable;
    });
  }

  async create(
    name: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    { guard }: WriteOptions = {},
  ): Promise<void> {
    checkName(name);
    this.#checkWritable(name);
    guard?.begin(name);
    if (classifyPath(name) === "tombstone") return await this.#bury(name, data);
    checkNotPurged(this.folder, name);
    const folder = parentOf(name);
    const temporary = temporaryBeside(name);
    const ask = (size: number, read: () => Uint8Array) => {
      if (guard !== undefined && this.folder.lstat(name) === undefined) guard.file(name, size, read);
    };
    try {
      // What is refused leaves no folder.
      if (data instanceof Uint8Array) ask(data.length, () => data);
      this.folder.makeFolder(folder);
      try {
        {
          const privacy = data instanceof Uint8Array ? privacyOf(name, data) : {};
          using file = this.folder.open(temporary, { write: true, createNew: true, ...privacy });
          if (data instanceof Uint8Array) writeAllSync(file, data);
          else for await (const piece of data) writeAllSync(file, piece);
          file.syncSync();
        }
        if (!(data instanceof Uint8Array)) {
          ask(this.folder.lstat(temporary)?.size ?? 0, () => this.folder.readFile(temporary));
        }
        showing(this.folder, shownIn(this.folder, name, undefined), () => this.folder.place(temporary, name));
      } finally {
        this.folder.remove(temporary);
      }
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) {
        throw new AlreadyExistsError(`"${name}" exists in ${this.location}`);
      }
      throw toDiskError(error, this.path(name));
    }
    this.folder.syncNames(folder);
  }

  append(
    name: string,
    offset: number,
    data: Uint8Array,
    { guard }: WriteOptions = {},
  ): Promise<void> {
    return now(() => {
      checkName(name);
      this.#checkWritable(name);
      guard?.begin(name);
      try {
        let isAsked = false;
        if (offset === 0) {
          checkNotPurged(this.folder, name);
          if (guard !== undefined && this.folder.lstat(name) === undefined) {
            askFirst(guard, name, data);
            isAsked = true;
          }
          this.folder.makeFolder(parentOf(name));
        }
        using file = this.folder.open(name, { read: true, append: true, create: offset === 0 });
        file.lockSync(true);
        const { kind, size } = growLog(file, { name, offset, bytes: data, guard, isAsked, root: this.folder });
        if (kind === "grown") return;
        const why = kind === "gap" ? `it is ${size} bytes long` : "it has different bytes there";
        throw new DamageError(`Cannot append to "${name}" at ${offset}: ${why}`, { path: name, offset: size });
      } catch (error) {
        throw toDiskError(error, this.path(name));
      }
    });
  }

  remove(name: string): Promise<void> {
    return now(() => {
      checkName(name);
      this.#checkWritable(name);
      try {
        showing(this.folder, shownIn(this.folder, name, undefined), () => this.folder.remove(name));
      } catch (error) {
        throw toDiskError(error, this.path(name), "remove");
      }
    });
  }

  async *listFiles({ signal, fresh, pace }: ListFilesOptions = {}): AsyncIterable<readonly FileEntry[]> {
    yield partialObjects(this.folder);
    const list = (folder: string) => {
      const options = { fresh, sized: folder.startsWith("objects/") };
      return this.#cache.list(folder, options);
    };
    const stat = (name: string): Stat | undefined => {
      try {
        const info = this.folder.look(name);
        return info && statOf(info);
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    };
    yield* walk({ list, stat }, { signal, pace });
    this.#cache.save();
  }

  prepare(): Promise<void> {
    return now(() => {
      this.#checkWritable("");
      this.folder.makeFolder("");
    });
  }

  async hashPrefixes(extents: readonly Prefix[], options?: BulkOptions): Promise<(PrefixHash | undefined)[]> {
    return await this.#prover.hash(extents, options);
  }

  collected(objects: readonly string[]): Promise<ReadonlySet<string>> {
    return now(() => {
      const all = objects.length === 0 ? new Set<string>() : collectedObjects(this.folder);
      return new Set(objects.filter((name) => all.has(name) && this.folder.lstat(name) === undefined));
    });
  }

  purging(): ReadonlySet<string> {
    return objectsBeingPurged(this.folder);
  }

  readMany(wants: readonly ReadRange[], options?: BulkOptions): AsyncIterable<readonly FileChunk[]> {
    return readChunks(this.folder, wants, options);
  }

  async writeMany(parts: AsyncIterable<readonly FileChunk[]>, options?: WriteManyOptions): Promise<WriteReport> {
    this.#checkWritable("");
    const taker = new LocalBulkWriter(this.folder, options);
    const taken = await taker.write(parts, options);
    for (const name of taker.objects) this.#arrived.set(name, Date.now());
    const buried = await this.#buryAll(taker.tombstones);
    if (taker.isOvertaken && buried.files === 0) await this.bury([]);
    this.#forgetArrived();
    return { ...taken, files: taken.files + buried.files, setbacks: [...taken.setbacks, ...buried.setbacks] };
  }

  /**
   * Has experiments and runs go for good, and finishes purges that were cut off. Needs read and write permission on the folder,
   * and on the `derived` ones.
   */
  async purge(ids: Iterable<string>, options: PurgeOptions = {}): Promise<Purged> {
    this.#checkWritable("");
    const { cache } = this;
    const own = cache === undefined ? [] : [cache.slice(0, cache.lastIndexOf("/"))];
    return await purge(this.folder, ids, { ...options, derived: [...own, ...options.derived ?? []] });
  }

  /** Empties a folder (an absolute path) of what is derived from the store, where it was made before the last purge. */
  async renewDerived(folder: string, signal?: AbortSignal): Promise<void> {
    await renewDerived(folder, stampOf(purgedIds(this.folder)), signal);
  }

  #forgetArrived(): void {
    for (const [name, time] of this.#arrived) {
      if (this.#arrived.size <= MAX_ARRIVALS && Date.now() - time < LATELY_MS) return;
      this.#arrived.delete(name);
    }
  }

  /** A tombstone comes. */
  async #bury(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void> {
    if (!(data instanceof Uint8Array) || !isTombstone(name, data)) {
      throw new UsageError(`Cannot make "${name}": its contents are not those of a tombstone`);
    }
    const id = purgedId(name)!;
    if (hasTombstone(this.folder, id)) throw new AlreadyExistsError(`"${name}" exists in ${this.location}`);
    await this.bury([id]);
  }

  /** Tombstones came. */
  async #buryAll(ids: readonly string[]): Promise<{ files: number; setbacks: readonly FileIssue[] }> {
    const news = ids.filter((id) => !hasTombstone(this.folder, id));
    if (news.length === 0) return { files: 0, setbacks: [] };
    const { problems } = await this.bury(news);
    const [name] = news.map(tombstoneName);
    const setbacks = problems.map((message): FileIssue => ({ name, kind: "failed", message }));
    return { files: news.length, setbacks };
  }

  /** Purges as `options.purge` says: what tombstones name that came, and what came back though it was purged. */
  async bury(ids: readonly string[]): Promise<Purged> {
    // An object that was on its way while its run was purged comes after it, and nothing tells any more whose it was.
    const objects = [...this.#arrived.keys()];
    return await (this.options.purge?.(this, ids, objects) ?? this.purge(ids, { objects }));
  }

  setModifiedTimes(files: readonly FileTime[], { guard }: WriteManyOptions = {}): Promise<void> {
    return now(() => {
      this.#checkWritable("");
      for (const { name, size, modifiedAt } of files) {
        if (modifiedAt === undefined) continue;
        checkName(name);
        if (guard?.maySettle(name) === false) continue;
        try {
          using file = this.folder.open(name);
          // Between the look and the change a log may grow: then its length tells.
          if (file.statSync().size === size) setTime(file, modifiedAt);
        } catch (error) {
          if (!isAbsent(error) && !(error instanceof Deno.errors.PermissionDenied)) throw error;
        }
      }
    });
  }

  #open(name: string): Deno.FsFile {
    checkName(name);
    try {
      return this.folder.open(name);
    } catch (error) {
      if (isAbsent(error)) throw absent(name, this.location);
      throw error;
    }
  }

  #checkWritable(name: string): void {
    if (this.capabilities.readOnly) {
      const what = name === "" ? "" : `"${name}": `;
      throw new DbxError(`Cannot write ${what}${this.location} is read-only`);
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

/** What a store tells of a file or folder. */
export function lookOf(info: Deno.FileInfo): Look {
  return {
    kind: kindOf(info),
    size: info.size,
    modifiedAt: info.mtime?.getTime(),
    changedAt: info.ctime?.getTime(),
    device: info.dev,
    inode: info.ino ?? undefined,
  };
}

/** The same for longer. */
export function statOf(info: Deno.FileInfo): Stat {
  return {
    kind: kindOf(info),
    size: info.size,
    modifiedAt: info.mtime?.getTime(),
    changedAt: info.ctime?.getTime(),
    identity: info.ino === null ? undefined : `${info.dev}:${info.ino}`,
  };
}

/** A file that is not there. */
export function absent(name: string, location: string): NotFoundError {
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
