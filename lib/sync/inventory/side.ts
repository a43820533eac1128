import type { BulkStore, FileEntry } from "../../store/store.ts";

/** Files by name. */
export type Inventory = ReadonlyMap<string, FileEntry>;

/** A store and what it held when it was last looked at. */
export interface Side {
  readonly store: BulkStore;
  /** Without what was purged. */
  readonly inventory: Inventory;
  /** Files of what was purged that still exist. */
  readonly leftovers?: Inventory;
}
