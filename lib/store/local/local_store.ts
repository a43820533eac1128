import { giveModifiedTimes } from "./write/give_modified_times.ts";
import type { LocalStoreOptions } from "./local_store_options.ts";
import { readRange, readWhole } from "./files/read_range.ts";
import { createLocalFile } from "./write/create_file.ts";
import { appendToLog } from "./logs/append_to_log.ts";
import { absent, lookAt, lookOf, statOf } from "./files/file_stat.ts";
import { RecentArrivals } from "./purge/recent_arrivals.ts";
import { OBJECTS_FOLDER } from "../../format/layout/names.ts";
import { isAbsent } from "../../fs/files/file_operations.ts";
import { parentOf } from "../../base/paths.ts";
import { DbxError } from "../../base/errors.ts";
import { classifyPath } from "../../format/layout/file_kind.ts";
import { tombstoneName } from "../../format/layout/tombstone.ts";
import { toDiskError } from "../../fs/disk_error.ts";
import { linksMet } from "../../fs/links/links_met.ts";
import { LinkError, RootFolder } from "../../fs/folders/root_folder.ts";
import { entryOf } from "./files/entry_kind.ts";
import { collectedObjects } from "./files/collected_objects.ts";
import { FolderCache } from "./folder_cache.ts";
import { partialObjects } from "./files/uploads.ts";
import { PrefixHasher, readChunks } from "./bulk_read.ts";
import { LocalBulkWriter } from "./write/bulk_writer.ts";
import { renewDerived, stampOf } from "./purge/derived.ts";
import { objectsBeingPurged } from "./purge/journal.ts";
import { purge, type Purged, type PurgeOptions } from "./purge/purge.ts";
import { hasTombstone, newTombstone, purgedIds } from "./purge/tombstones.ts";
import { showing, shownIn } from "./files/show_change.ts";
import { checkName } from "../names.ts";
import type {
  BulkOptions,
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
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

/**
 * A folder of this machine as a store. Reading needs read permission on the folder, writing also write permission.
 * The calls are synchronous inside: for the many small files of a repository that is several times faster.
 */
export class LocalStore implements Store {
  readonly capabilities: Capabilities;
  readonly #cache: FolderCache;
  readonly #prover: PrefixHasher;
  readonly #arrivals = new RecentArrivals();
  /** All access to what stands below the folder. */
  readonly folder: RootFolder;

  /** `location`: the absolute path of the folder. */
  constructor(
    readonly location: string,
    readonly options: LocalStoreOptions = {},
  ) {
    this.capabilities = { append: true, readOnly: options.readOnly ?? false, remove: true, remote: false };
    this.folder = options.folder ?? new RootFolder(location, options.now);
    this.#cache = new FolderCache(this.folder, options.cache);
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
    const info = lookAt(this.folder, name);
    return info && lookOf(info);
  }

  readNow(name: string): Uint8Array<ArrayBuffer> {
    using file = this.#open(name);
    return readWhole(file);
  }

  stat(name: string): Promise<Stat | undefined> {
    return Promise.try(() => {
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
    return Promise.try(() => {
      using file = this.#open(name);
      return readRange(file, options.offset ?? 0, options.length ?? Infinity);
    });
  }

  stream(name: string, options: { readonly offset?: number } = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    return Promise.try(() => {
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
    if (classifyPath(name) === "tombstone") return void await this.bury([newTombstone(this.folder, name, data)]);
    await createLocalFile(this.folder, name, data, guard);
  }

  append(
    name: string,
    offset: number,
    data: Uint8Array,
    { guard }: WriteOptions = {},
  ): Promise<void> {
    return Promise.try(() => {
      checkName(name);
      this.#checkWritable(name);
      guard?.begin(name);
      appendToLog(this.folder, name, offset, data, guard);
    });
  }

  remove(name: string): Promise<void> {
    return Promise.try(() => {
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
      return this.#cache.list(folder, { fresh, sized: folder.startsWith(`${OBJECTS_FOLDER}/`) });
    };
    const stat = (name: string) => {
      const info = lookAt(this.folder, name);
      return info && statOf(info);
    };
    yield* walk({ list, stat }, { signal, pace });
    this.#cache.save();
  }

  prepare(): Promise<void> {
    return Promise.try(() => {
      this.#checkWritable("");
      this.folder.makeFolder("");
    });
  }

  async hashPrefixes(extents: readonly Prefix[], options?: BulkOptions): Promise<(PrefixHash | undefined)[]> {
    return await this.#prover.hash(extents, options);
  }

  collected(objects: readonly string[]): Promise<ReadonlySet<string>> {
    return Promise.try(() => {
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

  async writeMany(chunks: AsyncIterable<readonly FileChunk[]>, options?: WriteManyOptions): Promise<WriteReport> {
    this.#checkWritable("");
    const writer = new LocalBulkWriter(this.folder, options);
    const report = await writer.write(chunks, options);
    this.#arrivals.add(writer.objects);
    const news = writer.tombstones.filter((id) => !hasTombstone(this.folder, id));
    if (news.length > 0 || writer.isOvertaken) {
      const { problems } = await this.bury(news);
      const [name] = news.map(tombstoneName);
      const issues = name === undefined ? [] : problems.map((message) => ({ name, kind: "failed", message } as const));
      return { ...report, files: report.files + news.length, setbacks: [...report.setbacks, ...issues] };
    }
    return report;
  }

  /**
   * Has experiments and runs go for good, and finishes purges that were cut off. Needs read and write permission on the folder,
   * and on the `derived` ones.
   */
  async purge(ids: Iterable<string>, options: PurgeOptions = {}): Promise<Purged> {
    this.#checkWritable("");
    const { cache } = this;
    const own = cache === undefined ? [] : [parentOf(cache)];
    return await purge(this.folder, ids, { ...options, derived: [...own, ...options.derived ?? []] });
  }

  /** Empties a folder (an absolute path) of what is derived from the store, where it was made before the last purge. */
  async renewDerived(folder: string, signal?: AbortSignal): Promise<void> {
    await renewDerived(folder, stampOf(purgedIds(this.folder)), signal);
  }

  /** Purges as `options.purge` says: what tombstones name that came, and what came back though it was purged. */
  async bury(ids: readonly string[]): Promise<Purged> {
    // An object that was on its way while its run was purged comes after it, and nothing says any more whose it was.
    const objects = this.#arrivals.names();
    return await (this.options.purge?.(this, ids, objects) ?? this.purge(ids, { objects }));
  }

  setModifiedTimes(files: readonly FileTime[], { guard }: WriteManyOptions = {}): Promise<void> {
    return Promise.try(() => {
      this.#checkWritable("");
      giveModifiedTimes(this.folder, files, guard);
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
