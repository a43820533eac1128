import { NEWLINE } from "../../../base/lines/lines_in.ts";
import { experimentOfFolder, experimentOfNotes, isRunFolder } from "../../../format/layout/name_tests.ts";
import { lastSegment, parentOf } from "../../../base/paths.ts";
import {
  definitionFile,
  logFile,
  logNameOf,
  META_FILE,
  NOTES_FOLDER,
  RUNS_FOLDER,
  runsFolder,
} from "../../../format/layout/names.ts";
import { isAbsent, temporaryIn } from "../../../fs/files/file_operations.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { readAt } from "../../../fs/files/last_line.ts";

/** What has changed within so many milliseconds was not taken for closed or settled yet: that takes two seconds without a change. */
const YOUNG_MS = 1000;

/** Bytes at the end of a life log in which its last line mostly begins. */
const END = 16 * 1024;

/** Where readers have to be shown that something changes; see "Seals" in FORMAT.md. */
export interface Shown {
  /** The folder of runs, of a closed run of which a log grows, or comes. */
  readonly runs?: string;
  /** The folder in which an experiment stands that may be settled. */
  readonly above?: string;
}

const NOTHING: Shown = {};

/**
 * Where a file is to be shown that comes, grows or goes. To be asked before it does, as it may fail where too many
 * files are open.
 *
 * @param name Of the file, relative to the root.
 * @param before What it is like; undefined if there is none.
 */
export function shownIn(root: RootFolder, name: string, before: Deno.FileInfo | undefined): Shown {
  const [experiment, part, file] = partsOf(name);
  if (experiment === undefined) return NOTHING;
  if (part === RUNS_FOLDER && file !== META_FILE) {
    const folder = parentOf(name);
    return isClosed(root, folder, before) ? { runs: runsFolder(experiment), above: parentOf(experiment) } : NOTHING;
  }
  // The change is seen by listing the folder above.
  const born = root.look(experiment)?.birthtime ?? null;
  return born !== null && isYoung(root, born) ? NOTHING : { above: parentOf(experiment) };
}

/** The same of a run that goes as a whole. `folder`: the run's. */
export function shownAbove(folder: string): Shown {
  return isRunFolder(folder) ? { above: parentOf(experimentOfFolder(folder)) } : NOTHING;
}

/**
 * Shows readers that something changes: they take what is closed or settled as they know it as long as nothing comes or
 * goes in some folders. So something comes there, and goes. It is to be called before the change, because a process may
 * be killed right after that, and after it, for readers that have looked in between.
 */
export function show(root: RootFolder, { runs, above }: Shown): void {
  if (runs !== undefined) touch(root, runs);
  if (above === undefined) return;
  try {
    touch(root, above);
  } catch (error) {
    // A user who may write to an experiment may not be allowed to write beside it. Then only readers that look at
    // everything see it.
    if (!(error instanceof Deno.errors.PermissionDenied) && !isAbsent(error)) throw error;
  }
}

/** Makes a change, and shows it before and after. */
export function showing<T>(root: RootFolder, shown: Shown, change: () => T): T {
  show(root, shown);
  const made = change();
  show(root, shown);
  return made;
}

function touch(root: RootFolder, folder: string): void {
  const name = temporaryIn(folder);
  try {
    root.open(name, { write: true, createNew: true }).close();
  } finally {
    root.remove(name);
  }
}

/**
 * The folder of the experiment, `runs` or `notes`, and the name in the folder, of a log or a run's definition;
 * otherwise none.
 */
function partsOf(
  name: string,
): readonly [experiment?: string, part?: typeof RUNS_FOLDER | typeof NOTES_FOLDER, file?: string] {
  const folder = parentOf(name);
  const file = lastSegment(name);
  if (isRunFolder(folder) && (file === META_FILE || logNameOf(file) !== undefined)) {
    return [experimentOfFolder(folder), RUNS_FOLDER, file];
  }
  const experiment = experimentOfNotes(name);
  return experiment !== undefined && logNameOf(file) !== undefined ? [experiment, NOTES_FOLDER, file] : [];
}

/** Whether readers may take a run for closed. `folder`: the run's. `before`: the log before it grows. */
function isClosed(root: RootFolder, folder: string, before: Deno.FileInfo | undefined): boolean {
  if (before !== undefined && before.size > 0 && isYoung(root, before.mtime, before.ctime)) return false;
  // That of a run that has just come; nobody can set it.
  const born = root.look(definitionFile(folder))?.birthtime ?? null;
  return !(born !== null && isYoung(root, born)) && hasEnded(root, logFile(folder, "dbx"));
}

function isYoung(root: RootFolder, ...times: readonly (Date | null)[]): boolean {
  const age = root.now() - Math.max(...times.map((time) => time?.getTime() ?? NaN));
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
