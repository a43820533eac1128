import type { Pace } from "../base/yielder.ts";
import type { FileEntry, PrefixHash } from "./store_types.ts";
import type { WriteGuard } from "./write_guard.ts";

/** Options of all work in bulk. */
export interface BulkOptions {
  readonly signal?: AbortSignal;
  /** How often to let other work run. Default: while files are listed never, while they are read and hashed after each 10 ms. */
  readonly pace?: Pace;
}

/** How to hash the beginnings of files. */
export interface HashOptions extends BulkOptions {
  /**
   * The hashes that the other side of a comparison has, in the order of the question: a store behind a network then need not
   * send those that are the same.
   */
  readonly expected?: Promise<readonly (PrefixHash | undefined)[]>;
}

/** How to write files. */
export interface WriteManyOptions extends BulkOptions {
  /** Decides what may be written. Only a local folder asks it. */
  readonly guard?: WriteGuard;
  /**
   * How many tombstones the store had when it was decided what it gets: where there are more by now, what objects belong to may
   * have gone. Default: as many as it has when the first chunk comes.
   */
  readonly tombstones?: number;
}

/** How to write one file. */
export interface WriteOptions {
  /** Decides what may be written. Only a local folder asks it. */
  readonly guard?: WriteGuard;
}

/** How to list the files of a repository. */
export interface ListFilesOptions extends BulkOptions {
  /** What the asking side has: a store behind a network then need not send what is equal. */
  readonly known?: ReadonlyMap<string, FileEntry>;
  /** Look at every folder, whatever an earlier listing has learnt. */
  readonly fresh?: boolean;
}

/** How to list a folder. */
export interface ListOptions {
  readonly signal?: AbortSignal;
}

/** How to read a file. */
export interface ReadOptions {
  /** Bytes from the start. Default 0. */
  readonly offset?: number;
  /** Bytes at most. Default: all. */
  readonly length?: number;
  /** A listing has just shown it as a file, so that a look at what it is can be spared. */
  readonly listed?: boolean;
}

/** How to read a file as a stream. */
export interface StreamOptions {
  /** Bytes from the start. Default 0. */
  readonly offset?: number;
}
