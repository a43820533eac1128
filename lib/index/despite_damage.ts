import type { LogIndex } from "./log_index.ts";
import { DamagedPack } from "./pack/pack.ts";

/** So many packs are given up one by one, then all of an index at once. */
const MAX_DAMAGED_PACKS = 4;

/**
 * Does what reads indexes. A pack that turns out to be damaged is forgotten: what it held is read from the logs, and
 * again. `read` gets the number of earlier attempts.
 */
export async function despiteDamage<T>(indexes: readonly LogIndex[], read: (turn: number) => Promise<T>): Promise<T> {
  for (let turn = 0;; turn++) {
    try {
      return await read(turn);
    } catch (error) {
      if (!(error instanceof DamagedPack) || turn > MAX_DAMAGED_PACKS) throw error;
      for (const index of indexes) {
        if (turn < MAX_DAMAGED_PACKS) index.discard(error.file);
        else index.discardAll();
      }
    }
  }
}
