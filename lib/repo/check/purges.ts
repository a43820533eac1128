import { PURGED_FOLDER } from "../../format/layout/names.ts";
import { isTombstone, purgedId } from "../../format/layout/tombstone.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { PURGING, purgingIds } from "../../store/local/purge/journal.ts";
import { leftovers } from "../../store/local/purge/leftovers.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Lists malformed tombstones, interrupted purges, and what exists although it was purged. */
export async function* checkPurges({ store }: Repository): AsyncIterableIterator<Problem> {
  for await (const { name, kind } of store.list(PURGED_FOLDER)) {
    const path = `${PURGED_FOLDER}/${name}`;
    if (kind !== "file" || purgedId(path) === undefined || isTombstone(path, await store.read(path))) continue;
    const message = "it does not hold what a tombstone holds; it counts as one anyway, and may be removed";
    yield problem("bad-tombstone", { path, message });
  }
  if (!(store instanceof LocalStore)) return; // What belongs to a copy alone is not to be seen from afar.
  for (const id of purgingIds(store.folder)) {
    const message = `the purge of ${id} is running, or was interrupted; dbx gc finishes it`;
    yield problem("unfinished-purge", { path: `${PURGING}/${id}.json`, message });
  }
  for (const { folder, of } of leftovers(store.folder)) {
    const message = `this ${of} was purged, and a program that did not know it continued to write; dbx gc removes it`;
    yield problem("purged", { path: folder, message });
  }
}
