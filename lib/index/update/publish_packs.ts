import type { Store } from "../../store/store.ts";
import type { IndexState, IndexView } from "../state/index_state.ts";

/**
 * Names packs that were written, beside those that count, and merges what is worth it; what the index holds then. Only who
 * holds the lock may do so.
 */
export async function publishPacks(
  store: Store,
  state: IndexState,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<IndexView> {
  const files = state.files!;
  // What was read counts, whatever comes of merging.
  const packs = [...state.packs, ...names.map((name) => files.open(name))];
  files.publish(packs, state.hasLost);
  state.take(packs);
  state.isDamaged = false;
  const { mergePacks } = await import("./parse_pending.ts");
  const merged = await mergePacks(store, files, state.known, signal);
  if (merged.length === packs.length && merged.every((pack, at) => pack === packs[at])) return state.view;
  files.publish(merged, state.hasLost);
  state.take(merged);
  return state.view;
}
