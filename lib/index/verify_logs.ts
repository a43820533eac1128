import type { Store } from "../store/store.ts";
import type { IndexState } from "./state/index_state.ts";
import type { UpdateOptions } from "./update/index_update.ts";
import type { LogFile } from "./state/listed_log.ts";
import { LogIndex } from "./log_index.ts";
import { DamagedPack, type Pack } from "./pack/pack.ts";
import type { PrefixProof } from "./state/prefix_hash.ts";
import { sameColumns } from "./same_columns.ts";

/** The logs of which an index holds something else than they say, and those that it is behind. */
export async function verifyLogs(
  store: Store,
  state: IndexState,
  proof: PrefixProof,
  logs: readonly LogFile[],
  options: UpdateOptions,
): Promise<{ differ: string[]; behind: string[] }> {
  const behind: string[] = [];
  const held: LogFile[] = [];
  for (const log of logs) {
    const known = state.get(log);
    if (known !== undefined && state.isSame(log)) held.push(log);
    else if (known !== undefined || log.size > 0) {
      // Of an empty log there is nothing to hold.
      behind.push(log.path);
      // An update goes on after what it has, and does not look at that again.
      if (known !== undefined && await proof.isStill(known, log, options.signal)) {
        held.push({ ...log, size: known.to });
      }
    }
  }
  const damaged = new Set(state.packs.filter(isDamaged));
  const other = new LogIndex(store);
  await other.update(held, options);
  // Of a pack that is not whole nobody knows which logs it held.
  const differ = state.isDamaged ? logs.filter((log) => state.of(log) === undefined).map(({ path }) => path) : [];
  for (const log of held) {
    const known = state.get(log)!;
    const again = other.get(log.path);
    const isSame = again !== undefined && !known.parts.some(({ pack }) => damaged.has(pack)) &&
      sameColumns(known, again);
    if (!isSame) differ.push(log.path);
  }
  return { differ, behind: behind.filter((path) => !differ.includes(path)) };
}

function isDamaged(pack: Pack): boolean {
  try {
    pack.checkDirectory();
    return false;
  } catch (error) {
    if (error instanceof DamagedPack) return true;
    throw error;
  }
}
