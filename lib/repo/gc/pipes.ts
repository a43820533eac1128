import { hasReader } from "../../fs/fifo.ts";
import { TEMPORARY_PREFIX } from "../../fs/files/file_operations.ts";
import type { RootFolder } from "../../fs/folders/root_folder.ts";
import { PIPES_FOLDER } from "../check/left_output.ts";

/** Younger folders may be in the making, in milliseconds. */
const YOUNG_MS = 60_000;

/**
 * Removes the FIFOs of runs whose dbx and keeper were both killed. They have no reader any more, so they hold nothing.
 * A folder in which output was kept stays, whatever its age: `dbx check` names it.
 */
export function removeDeadPipes(folder: RootFolder, now: number = Date.now()): number {
  let removed = 0;
  for (const { name } of listed(folder, PIPES_FOLDER)) {
    const names = listed(folder, `${PIPES_FOLDER}/${name}`).map((entry) => entry.name);
    const pipes = `${PIPES_FOLDER}/${name}`;
    try {
      // The process that was removing it died.
      const isGoing = name.startsWith(TEMPORARY_PREFIX);
      if (!isGoing && names.some((file) => file.endsWith(".kept"))) continue;
      if (now - (folder.lstat(pipes)?.mtime?.getTime() ?? now) < YOUNG_MS) continue;
      if (["out", "err"].some((file) => names.includes(file) && hasReader(folder, `${pipes}/${file}`))) continue;
      // Readers on another machine that shares the disk are not seen from here.
      if (!isGoing && JSON.parse(folder.readText(`${pipes}/run.json`)).hostname !== Deno.hostname()) continue;
      folder.removeFolder(pipes);
      removed++;
    } catch {
      // It belongs to another process, or another process removed it, or its owner is unknown.
    }
  }
  return removed;
}

function listed(folder: RootFolder, name: string): { readonly name: string }[] {
  try {
    return [...folder.list(name)];
  } catch {
    return [];
  }
}
