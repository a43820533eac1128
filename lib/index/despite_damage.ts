import type { LogIndex } from "./log_index.ts";
import { DamagedPack } from "./pack.ts";

/** Packs that may be damaged at once before that is an error. */
const MOST_DAMAGED = 8;

/** Does what reads indexes. A pack that turns out to be damaged is forgotten: what it held is read from the logs, and again. */
export async function despiteDamage<T>(indexes: readonly LogIndex[], read: () => Promise<T>): Promise<T> {
  for (let turn = 0;; turn++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof DamagedPack) || turn === MOST_DAMAGED) throw error;
      for (const index of indexes) index.discard(error.file);
    }
  }
}
