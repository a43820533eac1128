import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { writeAllSync } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";

/** Milliseconds between two signs that a process still writes to a spool. */
export const ALIVE_MS = 10_000;

const ALIVE_FILE = `${LOCAL_FOLDER}/alive`;

/** Says that a process writes to a spool, in milliseconds since the Unix epoch; 0: none does any more. */
export function writeHeartbeat(root: RootFolder, time: number): void {
  try {
    using file = root.open(ALIVE_FILE, { write: true, create: true, truncate: true });
    writeAllSync(file, new TextEncoder().encode(`${time}\n`));
  } catch {
    // It is a help for others only.
  }
}

/** When that was said last. */
export function lastAlive(root: RootFolder): number {
  return Number(root.readText(ALIVE_FILE).trim()) || 0;
}
