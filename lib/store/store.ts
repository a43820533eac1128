import type { Pace } from "../base/yielder.ts";
import type { WriteGuard } from "./write_guard.ts";

/** One name below a folder of a store. */
export interface Entry {
  /** The last segment of the name. */
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  /** A symbolic link, which is not followed. */
  readonly isLink?: true;
  /** Bytes of a file, where the listing tells them. */
  readonly size?: number;
}

/** What a store knows of a file without reading it. */
export interface Stat {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch; undefined where the store keeps none. */
  readonly modifiedAt?: number;
  /**
   * When its contents, times, mode or place changed last, in milliseconds since the Unix epoch, with a grain of a second.
   * Unlike `modifiedAt`, nobody can set it. Undefined where the store keeps none.
   */
  readonly changedAt?: number;
  /** Which file or folder it is, whatever its name; undefined where the store does not tell. */
  readonly identity?: string;
}

/** What a look at a file or folder shows. Undefined where a system does not tell. */
export interface Look {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** As in `Stat`. */
  readonly modifiedAt: number | undefined;
  readonly changedAt: number | undefined;
  /** The device, and the number of the file there. */
  readonly device: number;
  readonly inode: number | undefined;
}

/** What a store can do beyond the least. */
export interface Capabilities {
  /** Bytes can be added to a file in place. Where not, a log is kept in parts or rewritten. */
  readonly append: boolean;
  /** Nothing may be written. */
  readonly readOnly: boolean;
  /** Files may be removed. A peer lets nobody remove what it keeps. */
  readonly remove: boolean;
  /** Behind a network: each call costs a round trip. */
  readonly remote: boolean;
}

/** A file of a repository as an inventory shows it. */
export interface FileEntry {
  readonly name: string;
  /** Bytes. Of a `partial`, those that are there. */
  readonly size: number;
  /** Milliseconds since the Unix epoch, where the store keeps it; undefined for an object, whose name says what it holds. */
  readonly modifiedAt?: number;
  /** See `Stat`. */
  readonly changedAt?: number;
  /** Bytes of this hash, of which only the beginning has arrived: an object, or another large file. */
  readonly partial?: true;
}

/** The beginning of a file, of which a proof is wanted. */
export interface Prefix {
  readonly name: string;
  /** Bytes from the start; undefined: all. */
  readonly length?: number;
}

/** What a store says of the beginning of a file. */
export interface PrefixHash {
  /** Bytes that the file has now. */
  readonly size: number;
  /** Of the wanted bytes; undefined where there are not as many. */
  readonly sha256?: string;
  /** Bytes up to its last line feed. */
  readonly whole: number;
}

/** The rest of a file that is wanted, from an offset. */
export interface ReadRange {
  readonly name: string;
  readonly offset: number;
}

/**
 * Some bytes of a file on their way. The parts of one file come one after another; the last one has `end`. `size` is how
 * long the file is when all of them are there.
 */
export interface FileChunk {
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly end: boolean;
  readonly size: number;
  /** The time that the file then gets, in milliseconds since the Unix epoch. */
  readonly modifiedAt?: number;
  /**
   * Of the whole file, where its name does not say it: what arrives of a large file then stays, and a later transfer goes on
   * from there.
   */
  readonly sha256?: string;
  /** Why there will be no further bytes of this file. */
  readonly error?: string;
}

/** What became of a file that was not simply taken. */
export interface FileIssue {
  readonly name: string;
  /**
   * `diverged`: another file of that name is there. `retry`: it changed meanwhile. `damaged`: the bytes are not what their
   * name says. `refused`: not a name or place that may be written. `failed`: it could not be read or written.
   */
  readonly kind: "diverged" | "retry" | "damaged" | "refused" | "failed";
  readonly message: string;
  /** Bytes that are there, where what came belongs behind them: a sender goes on from here. */
  readonly size?: number;
}

/** What a store took. */
export interface WriteReport {
  /** Files that were made or grew, and bytes written. */
  readonly files: number;
  readonly bytes: number;
  readonly setbacks: readonly FileIssue[];
  /** `changedAt` of the files that were made, as they were left. */
  readonly changedAt?: ReadonlyMap<string, number>;
}

/** What holds for all work in bulk. */
export interface BulkOptions {
  readonly signal?: AbortSignal;
  /** How to give way to other work. Default: an inventory does not, a proof does after each 10 ms. */
  readonly pace?: Pace;
}

/** How to prove the beginnings of files. */
export interface ProveOptions extends BulkOptions {
  /**
   * The proofs, in the order of the question, that the other side of a comparison has: a store behind a network then need not
   * tell those that are the same.
   */
  readonly expected?: Promise<readonly (PrefixHash | undefined)[]>;
}

/** How to take parts. */
export interface TakeOptions extends BulkOptions {
  /** Decides over what is written. Only a folder has such. */
  readonly guard?: WriteGuard;
  /**
   * How many tombstones the store had when it was decided what it gets: where there are more by now, what objects belong to may
   * have gone. Default: as many as it has when the first part comes.
   */
  readonly tombstones?: number;
}

/** How to write one file. */
export interface WriteOptions {
  /** Decides over what is written. Only a folder has such. */
  readonly guard?: WriteGuard;
}

/** How to take an inventory. */
export interface InventoryOptions extends BulkOptions {
  /** What the asking side has: a store behind a network then need not tell what is equal. */
  readonly known?: ReadonlyMap<string, FileEntry>;
  /** Look at everything, whatever an earlier inventory has learnt. */
  readonly fresh?: boolean;
}

/**
 * Named bytes: all that dbx asks of a place that keeps a repository. Names are relative, use `/`, and hold no empty,
 * `.` or `..` segment; anything else is a `UsageError`, as is a name that leaves the store through a symbolic link.
 * Every method may be called at any time and side by side with others. What is not there is `NotFoundError` from
 * `read`, undefined from `stat`, and nothing from `list`.
 */
export interface Store {
  /** For messages: a path or a URL. */
  readonly location: string;
  readonly capabilities: Capabilities;
  /** What stands directly below a folder (`""`: the top), in no order. */
  list(folder: string, options?: { readonly signal?: AbortSignal }): AsyncIterable<Entry>;
  stat(name: string): Promise<Stat | undefined>;
  /**
   * Bytes from `offset` (default 0), at most `length`; fewer only at the end of the file. `listed`: a listing has just
   * shown it as a file, so that a look at what it is can be spared.
   */
  read(
    name: string,
    options?: { readonly offset?: number; readonly length?: number; readonly listed?: boolean },
  ): Promise<Uint8Array<ArrayBuffer>>;
  /** The bytes as a stream from `offset` (default 0), in pieces of bounded size. */
  stream(name: string, options?: { readonly offset?: number }): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /**
   * Makes a file that did not exist, wholly and durably or not at all; its folders too. Rejects with
   * `Deno.errors.AlreadyExists` where the name is taken, whoever wins a race.
   */
  create(name: string, data: Uint8Array | ReadableStream<Uint8Array>, options?: WriteOptions): Promise<void>;
  /**
   * Adds bytes to a log at an offset (0: may be absent). What is there already is compared and passed over, so that a repetition
   * changes nothing. Rejects with `DamageError` where other bytes stand there, or the log is shorter.
   */
  append(name: string, offset: number, data: Uint8Array, options?: WriteOptions): Promise<void>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;

  /**
   * What `stat` shows, at once, and without a look at the folders above: whoever asks has seen that none of them is a link.
   * For many files this is several times cheaper. Only on this machine, as the next one.
   */
  look?(name: string): Look | undefined;
  /** What `list` gives, at once. */
  listNow?(folder: string): Entry[];
  /** All bytes of a file, at once; throws as `read` rejects. */
  readNow?(name: string): Uint8Array<ArrayBuffer>;
  /** Makes the place that the store is, where there is none yet. */
  prepare?(): Promise<void>;
  /**
   * Every file of the repository, in batches: its format says which ones those are (`kindOfName`); others are left out.
   * This and the following three may be missing; `bulk.ts` then makes them of those above.
   */
  inventory?(options?: InventoryOptions): AsyncIterable<readonly FileEntry[]>;
  /**
   * Whether something has changed since the last inventory: says so when it has, or after so many seconds. Only of a store behind a
   * network, which need not be asked again and again then.
   */
  hasNews?(seconds: number, options?: BulkOptions): Promise<boolean>;
  /** Proofs for the beginnings of files, in the order of the question; undefined for a file that is not there. */
  prove?(extents: readonly Prefix[], options?: ProveOptions): Promise<readonly (PrefixHash | undefined)[]>;
  /**
   * What files hold from offsets on; of a log, whole lines only. A file that cannot be read comes as a part with an
   * `error`, and does not keep others from coming.
   */
  give?(wants: readonly ReadRange[], options?: BulkOptions): AsyncIterable<readonly FileChunk[]>;
  /**
   * Takes parts. Files appear wholly or not at all, logs grow in place, objects are compared with their names. All that
   * was taken is durable when the promise resolves. One file's setback does not keep others from being taken; what
   * keeps all (a full disk) rejects.
   */
  take?(parts: AsyncIterable<readonly FileChunk[]>, options?: TakeOptions): Promise<WriteReport>;
  /**
   * Which of some objects are not there because a garbage collection removed them, and nothing that came since refers to them:
   * they are sent only if something does that is sent with them. Missing: none are known.
   */
  collected?(objects: readonly string[], options?: BulkOptions): Promise<ReadonlySet<string>>;
  /** Objects that are there and about to be removed, as what refers to them was purged: nobody is sent them. Missing: none. */
  purging?(): ReadonlySet<string>;
  /** Gives files the times of others that were proven equal, so that the next look sees that they are. */
  settle?(files: readonly FileEntry[], options?: TakeOptions): Promise<void>;
}
