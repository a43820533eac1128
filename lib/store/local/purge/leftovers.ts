import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { purgingIds } from "./journal.ts";
import { type PurgePlace, purgePlaces } from "./purge_places.ts";
import { purgedIds } from "./tombstones.ts";

/** What stands in a folder though it was purged: its writer did not know, or its purge was cut off. */
export function* leftovers(root: RootFolder): Generator<PurgePlace, void> {
  const ids = purgedIds(root);
  if (ids.size === 0) return;
  for (const place of purgePlaces(root, ids)) if (place !== undefined) yield place;
}

/** The ids of what is still to be purged; empty as a rule. */
export function unpurgedIds(root: RootFolder): string[] {
  return [...new Set([...purgingIds(root), ...Array.from(leftovers(root), ({ id }) => id)])];
}
