import type { FileKind } from "../format/layout/file_kind.ts";

/** One name below a folder of a store. */
export interface Entry {
  /** The last segment of the name. */
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
  /** A symbolic link, which is not followed. */
  readonly isLink?: true;
  /** Bytes of a file, if the listing gives them. */
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
   * When its contents, times, mode or place changed last, in milliseconds since the Unix epoch, with a grain of a
   * second. Unlike `modifiedAt`, nobody can set it. Undefined if the store keeps none.
   */
  readonly changedAt?: number;
  /** Which file or folder it is, whatever its name; undefined if the store does not say. */
  readonly identity?: string;
}

/** What a look at a file or folder shows. Undefined if a system does not say. */
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

/** What a store can do. */
export interface Capabilities {
  /** Bytes can be added to a file in place. Where not, a log is kept in parts or rewritten. */
  readonly append: boolean;
  /** Nothing may be written. */
  readonly readOnly: boolean;
  /** Files may be removed. A server never allows it. */
  readonly remove: boolean;
  /** Behind a network: each call costs a round trip. */
  readonly remote: boolean;
}

/** A file of a repository as an inventory shows it. */
export interface FileEntry {
  readonly name: string;
  /** What its name says that it is (`classifyPath`): settled once, where the files are listed. */
  readonly kind: FileKind;
  /** Bytes. Of a `partial`, those that are there. */
  readonly size: number;
  /** Milliseconds since the Unix epoch, where the store keeps it; undefined for an object, whose name says what it holds. */
  readonly modifiedAt?: number;
  /** See `Stat`. */
  readonly changedAt?: number;
  /** Bytes of this hash, of which only the beginning has arrived: an object, or another large file. */
  readonly partial?: true;
}

/** The time that a file is to get. */
export type FileTime = Pick<FileEntry, "name" | "size" | "modifiedAt">;

/** The beginning of a file, whose hash is wanted. */
export interface Prefix {
  readonly name: string;
  /** Bytes from the start; undefined: all. */
  readonly length?: number;
}

/** The hash of the beginning of a file. */
export interface PrefixHash {
  /** Bytes that the file has now. */
  readonly size: number;
  /** Of the wanted bytes, in lower-case hexadecimal; undefined where the file has fewer. */
  readonly sha256?: string;
  /** Bytes up to and with its last line feed. */
  readonly lastLineEnd: number;
}

/** A file to be read from an offset to its end. */
export interface ReadRange {
  readonly name: string;
  readonly offset: number;
}

/**
 * Some bytes of a file on their way. The chunks of one file come one after another; the last one has `end`. `size` is how
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

/** Why a file was not written. */
export interface FileIssue {
  readonly name: string;
  /**
   * `diverged`: another file of that name exists. `retry`: it changed meanwhile. `damaged`: the bytes are not what their
   * name says. `refused`: not a name or place that may be written. `failed`: it could not be read or written.
   */
  readonly kind: "diverged" | "retry" | "damaged" | "refused" | "failed";
  readonly message: string;
  /** Bytes that are there, where what came belongs behind them: a sender goes on from here. */
  readonly size?: number;
}

/** What a store wrote. */
export interface WriteReport {
  /** Files that were made or grew, and bytes written. */
  readonly files: number;
  readonly bytes: number;
  readonly setbacks: readonly FileIssue[];
  /** `changedAt` of the files that were made, as they were left. */
  readonly changedAt?: ReadonlyMap<string, number>;
}
