import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import type { Look, Store } from "../../store/store.ts";

/** In which state a folder was found. Equal states: it is the same folder, and nothing has come or gone since. */
export interface FolderState {
  /** The device and the number of the folder there. */
  readonly device: number;
  readonly inode: number;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
  readonly changedAt: number;
}

/**
 * The state of a folder; undefined where there is none, or if the store does not say. No folder above it may be a link:
 * the caller has seen that.
 */
export function folderState(store: Store, folder: string): FolderState | undefined {
  let look: Look | undefined;
  try {
    look = store.look?.(folder);
  } catch {
    return undefined; // The code that lists it reports why.
  }
  if (look?.kind !== "folder") return undefined;
  const { device, inode, modifiedAt, changedAt } = look;
  if (inode === undefined || modifiedAt === undefined || changedAt === undefined) return undefined;
  return { device, inode, modifiedAt, changedAt };
}

/** Whether nothing has changed between two states. */
export function isSameState(a: FolderState, b: FolderState): boolean {
  return a.modifiedAt === b.modifiedAt && a.changedAt === b.changedAt && a.inode === b.inode && a.device === b.device;
}

/** Whether a state, seen at a time (milliseconds since the Unix epoch), will be another one after the next change. */
export function isSettled(
  { modifiedAt, changedAt }: Pick<FolderState, "modifiedAt" | "changedAt">,
  now: number,
): boolean {
  return now - Math.max(modifiedAt, changedAt) >= TIMESTAMP_GRANULARITY_MS;
}
