import { logFile, notesFolder, runFolder, runsFolder } from "../../../../format/layout/names.ts";
import type { VerifiedFolder } from "../../../../fs/links/verified_folder.ts";
import { timeOf } from "../../../../index/state/listed_log.ts";
import type { Depth } from "../../../../repo/cache/listing_cache.ts";
import { Cell, Flag, RunCell } from "../segment/layout.ts";
import type { Segment } from "../segment/segment.ts";
import { CHUNK, type Looks, Seen, Turn } from "./looks.ts";

/** What the system reports about a file or folder. */
type FileInfo = NonNullable<ReturnType<VerifiedFolder["look"]>>;

/** See `LookOrder`. */
interface What {
  readonly depth: Depth;
  readonly notesUntil?: number;
}

/**
 * Looks at the experiments of a file of the catalogue, chunk by chunk from the last one on, until it meets those that
 * the thread that lists has come to. What differs from the file is not reported: the thread that lists looks at that
 * itself.
 *
 * @param root The repository. No folder above those in the file is a link: they were listed.
 */
export function lookAtRows(segment: Segment, root: VerifiedFolder, what: What, looks: Looks): void {
  const { turns } = looks;
  const how = { ...what, from: root.now() };
  for (let chunk = turns.length - 1; chunk >= 0; chunk--) {
    const turn = Atomics.compareExchange(turns, chunk, Turn.Free, Turn.Taken);
    if (turn === Turn.Own) return;
    if (turn !== Turn.Free) continue;
    const end = Math.min(segment.count, (chunk + 1) * CHUNK);
    for (let row = chunk * CHUNK; row < end; row++) lookAt(segment, row, root, how, looks);
    Atomics.store(turns, chunk, Turn.Done);
  }
}

function lookAt(
  segment: Segment,
  row: number,
  root: VerifiedFolder,
  { depth, notesUntil, from }: What & { readonly from: number },
  looks: Looks,
): void {
  if (segment.isGone(row)) return;
  const folder = segment.folderAt(row);
  const info = look(root, folder);
  if (!info?.isDirectory || !segment.isAt(row, Cell.State, stateOf(info))) return;
  if (
    notesUntil !== undefined && segment.has(row, Flag.MayHaveNotes) && !areOlder(root, notesFolder(folder), notesUntil)
  ) {
    return;
  }
  looks.experiments[row] = Seen.Still;
  if (depth === "experiments" || !segment.has(row, Flag.Runs)) return;
  const above = look(root, runsFolder(folder));
  if (!above?.isDirectory || !segment.isAt(row, Cell.RunsState, stateOf(above))) return;
  looks.experiments[row] = Seen.Still | Seen.Runs;
  if (depth === "runs") return;
  const isAll = depth === "all";
  for (let run = segment.cell(row, Cell.RunsFrom); run < segment.cell(row, Cell.RunsTo); run++) {
    if (!isAll && segment.runCell(run, RunCell.Closed) >= 0) continue;
    const first = segment.firstLogs[run];
    lookAtRun(segment, run, root, runFolder(folder, segment.runIdAt(run)), looks, { first, isAll, from });
  }
}

function lookAtRun(
  segment: Segment,
  run: number,
  root: VerifiedFolder,
  folder: string,
  { runs, sizes, times }: Looks,
  { first, isAll, from }: { readonly first: number; readonly isAll: boolean; readonly from: number },
): void {
  const names = segment.runCell(run, RunCell.Logs);
  if (names < 0) return;
  const info = look(root, folder);
  if (!info?.isDirectory || !segment.isRunAt(run, stateOf(info))) return;
  runs[run] = 1;
  const hasEnded = segment.runCell(run, RunCell.EndingLength) > 0;
  for (const [at, name] of segment.namesAt(names).entries()) {
    // The end of a run is the last event of its life log.
    if (name === "dbx" && hasEnded && !isAll) continue;
    const log = look(root, logFile(folder, name));
    if (!log?.isFile) continue;
    sizes[first + at] = log.size;
    times[first + at] = timeOf({ modifiedAt: log.mtime?.getTime(), changedAt: log.ctime?.getTime() }, from);
  }
}

/** Whether nothing in a folder of notes has changed since a time, nor the folder; also if there is none. */
function areOlder(root: VerifiedFolder, folder: string, until: number): boolean {
  const isOlder = (name: string): boolean => {
    const info = look(root, name);
    return info === undefined || Math.max(info.mtime?.getTime() ?? 0, info.ctime?.getTime() ?? 0) <= until;
  };
  if (!isOlder(folder)) return false;
  return namesIn(root, folder).every((name) => isOlder(`${folder}/${name}`));
}

function namesIn(root: VerifiedFolder, folder: string): string[] {
  try {
    return root.list(folder).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** A link is not one of them, and what cannot be looked at is left to the thread that lists. */
function look(root: VerifiedFolder, name: string): FileInfo | undefined {
  try {
    return root.look(name);
  } catch {
    return undefined;
  }
}

function stateOf({ dev, ino, mtime, ctime }: FileInfo) {
  const [modifiedAt, changedAt] = [mtime?.getTime() ?? NaN, ctime?.getTime() ?? NaN];
  return { device: dev, inode: ino ?? NaN, modifiedAt, changedAt };
}
