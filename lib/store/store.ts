import type {
  BulkOptions,
  HashOptions,
  ListFilesOptions,
  ListOptions,
  ReadOptions,
  StreamOptions,
  WriteManyOptions,
  WriteOptions,
} from "./store_options.ts";
import type {
  Capabilities,
  Entry,
  FileChunk,
  FileEntry,
  FileTime,
  Look,
  Prefix,
  PrefixHash,
  ReadRange,
  Stat,
  WriteReport,
} from "./store_types.ts";

export type * from "./store_options.ts";
export type * from "./store_types.ts";

/**
 * Named bytes: all that dbx asks of a place that holds a repository. `tests/store/contract.ts` tests these obligations:
 *
 * - A name is relative, has `/` between its segments, and none of them is empty, `.` or `..`. Every method MUST reject
 * any other name, and one that leaves the store through a symbolic link, with a `UsageError` or another `DbxError`.
 * - Every method MUST work at any time, beside any other call, also of another process.
 * - A file that is not there is a `NotFoundError` from `read` and `stream`, undefined from `stat`, and nothing from
 * `list`.
 * - A promise that resolves after a write says that the bytes are durable: a power cut right after it loses nothing.
 * - Every error that a user can do something about MUST be a `DbxError`, and one that a retry may fix an
 * `UnreachableError`.
 */
export interface Store {
  /** For messages: a path or a URL. */
  readonly location: string;
  readonly capabilities: Capabilities;
  /** What stands directly below a folder (`""`: the top), in no order. Links MUST NOT be followed. */
  list(folder: string, options?: ListOptions): AsyncIterable<Entry>;
  /** What is known of a file or folder (`""`: the top); undefined if there is none. */
  stat(name: string): Promise<Stat | undefined>;
  /** Bytes from `offset` (default 0), at most `length`; fewer only at the end of the file, none behind it. */
  read(name: string, options?: ReadOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** The bytes as a stream from `offset` (default 0), in pieces of bounded size. */
  stream(name: string, options?: StreamOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /**
   * Makes a file that did not exist, and the folders above it. It MUST appear with all of its bytes or not at all, and MUST NOT
   * replace another one: of several writers of one name exactly one succeeds, the others get an `AlreadyExistsError`.
   */
  create(name: string, data: Uint8Array | ReadableStream<Uint8Array>, options?: WriteOptions): Promise<void>;
  /**
   * Adds bytes to a log at an offset (0: the log may be absent). Bytes that are there already MUST be compared and passed over, so
   * that a repetition changes nothing. Rejects with `DamageError` where other bytes stand there, or the log is shorter.
   */
  append(name: string, offset: number, data: Uint8Array, options?: WriteOptions): Promise<void>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;

  /**
   * What `stat` shows, at once, and without a look at the folders above: the caller has seen that none of them is a link. For many
   * files this is several times cheaper. This and the next two are for stores on this machine only.
   */
  look?(name: string): Look | undefined;
  /** What `list` yields, at once. */
  listNow?(folder: string): Entry[];
  /** All bytes of a file, at once; throws as `read` rejects. */
  readNow?(name: string): Uint8Array<ArrayBuffer>;
  /** Makes the place that the store is, where there is none yet. */
  prepare?(): Promise<void>;

  /**
   * Every file of the repository, in batches: those whose names the format knows (`classifyPath`), and no others. This and the
   * four below it may be missing: `withBulkFallback` makes them of those above.
   */
  listFiles?(options?: ListFilesOptions): AsyncIterable<readonly FileEntry[]>;
  /** Hashes of the beginnings of files, in the order of the question; undefined for a file that is not there. */
  hashPrefixes?(prefixes: readonly Prefix[], options?: HashOptions): Promise<readonly (PrefixHash | undefined)[]>;
  /**
   * What files hold from offsets on; of a log, whole lines only. A file that cannot be read MUST come as a chunk with an `error`,
   * and MUST NOT keep others from coming.
   */
  readMany?(ranges: readonly ReadRange[], options?: BulkOptions): AsyncIterable<readonly FileChunk[]>;
  /**
   * Writes files. They MUST appear wholly or not at all, logs grow in place, objects MUST be compared with their names. All that
   * the report counts is durable when the promise resolves. What concerns one file goes into the report and MUST NOT keep the others
   * from being written; what concerns all of them (a full disk) rejects.
   */
  writeMany?(chunks: AsyncIterable<readonly FileChunk[]>, options?: WriteManyOptions): Promise<WriteReport>;
  /** Gives files the times of others that were proven equal, so that the next comparison sees that they are. */
  setModifiedTimes?(files: readonly FileTime[], options?: WriteManyOptions): Promise<void>;

  /**
   * Whether something has changed since the last `listFiles`: resolves when it has, or after so many seconds. Only of a store behind
   * a network, which need not be asked again and again then.
   */
  hasNews?(seconds: number, options?: BulkOptions): Promise<boolean>;
  /**
   * Which of some objects are not there because a garbage collection removed them, and nothing that came since refers to them:
   * they are sent only if something is sent with them that does. Missing: none are known.
   */
  collected?(objects: readonly string[], options?: BulkOptions): Promise<ReadonlySet<string>>;
  /**
   * Objects that are there and about to be removed, as what refers to them was purged: they are never sent. Missing:
   * none.
   */
  purging?(): ReadonlySet<string>;
}

/** A store that has all the methods for work in bulk, of its own or from `withBulkFallback`. */
export type BulkStore =
  & Store
  & Required<Pick<Store, "listFiles" | "hashPrefixes" | "readMany" | "writeMany" | "setModifiedTimes">>;
