/** One name below a folder of a store. */
export interface Entry {
  /** The last segment of the name. */
  readonly name: string;
  readonly kind: "file" | "folder" | "other";
}

/** What a store knows of a file without reading it. */
export interface Stat {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the Unix epoch; undefined where the store keeps none. */
  readonly modifiedAt?: number;
}

/** What a store can do beyond the least. */
export interface Capabilities {
  /** Bytes can be added to a file in place. Where not, a log is kept in parts or rewritten. */
  readonly append: boolean;
  /** Nothing may be written. */
  readonly readOnly: boolean;
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
  create(name: string, data: Uint8Array | ReadableStream<Uint8Array>): Promise<void>;
  /** Adds bytes to a file that is exactly `offset` long (0: may be absent). Rejects with `DamageError` at another length. */
  append(name: string, offset: number, data: Uint8Array): Promise<void>;
  /** Removes a file, if it is there. */
  remove(name: string): Promise<void>;
}
