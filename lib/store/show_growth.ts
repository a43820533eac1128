import { newId } from "../base/ids.ts";
import { logFileName, logNameOf, META_FILE } from "../format/names.ts";
import { isAbsent } from "../fs/files.ts";
import { parentOf, type RootFolder } from "../fs/root_folder.ts";
import { TEMPORARY_PREFIX } from "./files.ts";
import { readAt } from "./whole_end.ts";

/** What has changed within so many milliseconds was not taken for closed yet: that takes two seconds without a change. */
const YOUNG_MS = 1000;

/** Bytes at the end of a life log in which its last line mostly begins. */
const END = 16 * 1024;

const NEWLINE = 10;

/**
 * Whether readers may take the run of a log for closed (see FORMAT.md): then they have to be shown that the log grows, or comes. To be
 * asked before it does, as it may fail where too many files are open.
 *
 * @param name Of the log, relative to the root.
 * @param before What the file is like; undefined where there is none.
 */
export function mayBeClosed(root: RootFolder, name: string, before: Deno.FileInfo | undefined): boolean {
  const folder = parentOf(name);
  if (!parentOf(folder).endsWith("/runs") || logNameOf(name.slice(folder.length + 1)) === undefined) return false;
  if (before !== undefined && before.size > 0 && isYoung(before.mtime, before.ctime)) return false;
  // That of a run that has just come; nobody can set it.
  const born = root.look(`${folder}/${META_FILE}`)?.birthtime ?? null;
  return !(born !== null && isYoung(born)) && hasEnded(root, `${folder}/${logFileName("dbx")}`);
}

/**
 * Shows readers that a log of a closed run has grown, or come: they take it as they know it as long as nothing comes or goes in
 * the folder of runs. So something comes there, and goes.
 */
export function showGrowth(root: RootFolder, name: string): void {
  const mark = `${parentOf(parentOf(name))}/${TEMPORARY_PREFIX}${newId()}`;
  try {
    root.open(mark, { write: true, createNew: true }).close();
  } finally {
    root.remove(mark);
  }
}

function isYoung(...times: readonly (Date | null)[]): boolean {
  const age = Date.now() - Math.max(...times.map((time) => time?.getTime() ?? NaN));
  return age >= 0 && age < YOUNG_MS;
}

/** Whether the last line of a run's life log says that it has ended, however long that line is. */
function hasEnded(root: RootFolder, life: string): boolean {
  try {
    using file = root.open(life);
    const { size } = file.statSync();
    for (let length = END;; length *= 2) {
      const from = Math.max(0, size - length);
      const bytes = readAt(file, from, size - from);
      // All of its last line is among them, or all that there is.
      if (from > 0 && !bytes.subarray(0, -1).includes(NEWLINE)) continue;
      return new TextDecoder().decode(bytes).includes('{"event":"dbx/end"');
    }
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
