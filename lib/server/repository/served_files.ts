import { messageOf } from "../../base/errors.ts";
import type { Changes } from "../../live/folder_changes.ts";
import { withBulkFallback } from "../../store/bulk_fallback.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { BulkStore, Store } from "../../store/store.ts";
import { BulkWork } from "../listen/bulk_work.ts";
import type { Writes } from "../writes/writes.ts";
import { Inventories } from "./inventories.ts";

/** How the files of a repository are served. */
export interface ServedFilesOptions {
  /** Nothing may be written. */
  readonly readOnly?: boolean;
  /** Called with errors that are not shown to a client. */
  readonly onError?: (message: string) => void;
  /** Takes paths of this machine out of a message for the client. */
  readonly hide?: (message: string) => string;
  /** Told when something was written. */
  readonly onChange?: () => void;
  /** Reports every write; without it, clients cannot wait for news. */
  readonly changes?: Changes;
  /** The write permissions. Undefined: every client has full access, as through a pipe. */
  readonly writes?: Writes;
  /** Where work in bulk waits for its turn, with that for other repositories. */
  readonly bulk?: BulkWork;
}

/** The files of a repository, as they are served: one by one, and in bulk. */
export class ServedFiles {
  readonly store: BulkStore;
  readonly bulk: BulkWork;
  readonly inventories: Inventories;

  constructor(readonly plain: Store, readonly options: ServedFilesOptions = {}) {
    this.store = withBulkFallback(plain);
    this.bulk = options.bulk ?? new BulkWork();
    // A writer that did not know of a purge went on: what it wrote goes again.
    const again = plain instanceof LocalStore && options.readOnly !== true
      ? (ids: readonly string[]) => buryAgain(plain, ids, options)
      : undefined;
    this.inventories = new Inventories(this.store, this.bulk.paceOf("inventories"), again);
  }

  /** Refuses a name that leads out of the repository by a link. */
  checkInside(name: string): void {
    if (this.plain instanceof LocalStore) this.plain.checkInside(name);
  }
}

function buryAgain(store: LocalStore, ids: readonly string[], { onError }: ServedFilesOptions): void {
  store.bury(ids).then(
    ({ problems }) => problems.forEach((problem) => onError?.(problem)),
    (error) => onError?.(messageOf(error)),
  );
}
