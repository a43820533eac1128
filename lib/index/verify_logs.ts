import type { IndexState } from "./state/index_state.ts";
import type { UpdateOptions } from "./update/index_update.ts";
import type { LogFile } from "./state/listed_log.ts";
import { DamagedPack, type Pack } from "./pack/pack.ts";
import type { IndexedLog } from "./state/indexed_logs.ts";
import type { PrefixProof } from "./state/prefix_hash.ts";
import { sameColumns } from "./same_columns.ts";

/** An index that is still empty: what it reads is compared with what another holds. */
export interface EmptyIndex {
  update(logs: readonly LogFile[], options: UpdateOptions): Promise<void>;
  get(path: string): IndexedLog | undefined;
}

/** The logs of which an index holds something else than they say, and those that it is behind. */
export async function verifyLogs(
  state: IndexState,
  proof: PrefixProof,
  logs: readonly LogFile[],
  again: EmptyIndex,
  options: UpdateOptions,
): Promise<{ differ: string[]; behind: string[] }> {
  const behind: string[] = [];
  const held: LogFile[] = [];
  for (const log of logs) {
    const known = state.get(log);
    if (known !== undefined && state.isSame(log)) held.push(log);
    else if (known !== undefined || log.size > 0) {
      // An update goes on after what it has, and does not look at that again.
      const isStill = known !== undefined && await proof.isStill(known, log, options.signal);
      if (isStill) held.push({ ...log, size: known.to });
      // Of an empty log there is nothing to hold, and an update leaves out what a run printed.
      if (log.points && !(isStill && known.size === log.size)) behind.push(log.path);
    }
  }
  const damaged = new Set(state.packs.filter(isDamaged));
  await again.update(held, options);
  // It is unknown which logs an incomplete pack held.
  const differ = state.isDamaged ? logs.filter((log) => state.of(log) === undefined).map(({ path }) => path) : [];
  for (const log of held) {
    const known = state.get(log)!;
    const read = again.get(log.path);
    const isSame = read !== undefined && !known.parts.some(({ pack }) => damaged.has(pack)) && sameColumns(known, read);
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
