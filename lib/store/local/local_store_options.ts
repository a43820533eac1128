import type { RootFolder } from "../../fs/folders/root_folder.ts";
import type { Purged } from "./purge/purge.ts";

/** A store, as a purge in another thread gets it. */
export interface PurgedStore {
  readonly location: string;
  /** The file for what listings learn. */
  readonly cache: string | undefined;
}

/** How to open a folder as a store. */
export interface LocalStoreOptions {
  /** Nothing may be written. */
  readonly readOnly?: boolean;
  /**
   * The absolute path of a file for what listings learn, so that the next one need not list what has not changed. Default: only
   * memory.
   */
  readonly cache?: string;
  /** The clock that the times of files are held against, in milliseconds since the Unix epoch; `folder` brings its own. */
  readonly now?: () => number;
  /** The way to what stands below the folder. Default: one that follows no link. */
  readonly folder?: RootFolder;
  /** Purges what tombstones name that come: a server does so in another thread. Default: here. */
  readonly purge?: (store: PurgedStore, ids: readonly string[], objects: readonly string[]) => Promise<Purged>;
}
