import { objectName } from "../../format/layout/names.ts";
import type { LocalStore } from "../../store/local/local_store.ts";

/** Objects of more bytes are sent piece by piece, between which the logs go on. */
const LARGE = 4 * 1024 * 1024;

/** Whether an object of so many bytes is sent piece by piece. */
export function isLarge(size: number): boolean {
  return size > LARGE;
}

/**
 * Drops an object that waits in a spool, and that its run no longer keeps: it need not be sent. A small one stays, since it may be on
 * its way together with others.
 */
export function dropUnsent(store: LocalStore, sha256: string): void {
  const name = objectName(sha256);
  if (isLarge(store.folder.lstat(name)?.size ?? 0)) store.folder.remove(name);
}
