import { parentOf } from "../../base/paths.ts";
import { TIMESTAMP_GRANULARITY_MS } from "../../fs/files/timestamps.ts";
import { isObject } from "../../base/json.ts";
import { DerivedFolder } from "../../fs/folders/derived_folder.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import type { FileEntry, Store } from "../../store/store.ts";

/** The file, beside what inventories learn, that says when a copy was last compared with which other one. */
const FILE = "compared";

/** The file beside it that says how the last transfer left the files that it made. */
const MADE_FILE = "made";

/** The first line of that one; one with another is not read. */
const MADE_HEAD = "dbx made 1";

/** So many other copies are remembered. */
const MAX_COMPARISONS = 200;

/** Whether two files of one name, of equal length and equal time, are the same without a look at their contents. */
export type Trust = (a: Compared, b: Compared) => boolean;

/** What is looked at of a file. */
type Compared = Pick<FileEntry, "name" | "modifiedAt" | "changedAt">;

/**
 * What says that files of equal length and time are the same: neither was changed since the two stores were last
 * compared. A file's own time is not reliable, because `rsync -a`, `cp -p` and `touch -r` set it; the time of its last
 * change of any kind does (`changedAt`, which nobody can set). What a transfer made after the comparison counts as
 * compared while it is as the transfer left it. Between stores that were never compared, nothing is trusted.
 */
export function trustOf(a: Store, b: Store): Trust {
  for (const [own, other, isSwapped] of [[a, b, false], [b, a, true]] as const) {
    const time = read(own)[other.location];
    if (time === undefined) continue;
    const until = time - TIMESTAMP_GRANULARITY_MS;
    const made = readMade(own, other.location, time);
    return (first, second) => {
      const [mine, theirs] = isSwapped ? [second, first] : [first, second];
      if (isOlder(mine, until) && isOlder(theirs, until)) return true;
      const left = made?.get(mine.name);
      return left !== undefined && left[0] === mine.changedAt && left[1] === theirs.changedAt;
    };
  }
  return () => false;
}

/** For a store that does not say when a file was changed, the file's own time must do. */
function isOlder({ changedAt, modifiedAt }: Compared, until: number): boolean {
  return Math.max(changedAt ?? -Infinity, modifiedAt ?? Infinity) < until;
}

/** Whether two stores were compared so short a time ago, in milliseconds, that it is not worth saying so again. */
export function wereComparedWithin(a: Store, b: Store, milliseconds: number): boolean {
  const time = read(a)[b.location] ?? read(b)[a.location];
  return time !== undefined && clockOf(a, b)() - time <= milliseconds;
}

/** The clock of the copy that remembers comparisons; the times of its files are held against it, too. */
export function clockOf(a: Store, b: Store): () => number {
  const own = fileOf(a) === undefined ? b : a;
  return own instanceof LocalStore ? own.folder.now : Date.now;
}

/** How the files that a transfer made were left on either side: `changedAt`, by name. */
export type Made = ReadonlyMap<string, readonly [a: number | undefined, b: number | undefined]>;

/**
 * Remembers that two stores were compared, from the time `at` on, and how the files that were made since then were left.
 * Where that cannot be kept, they are compared again.
 */
export function rememberComparison(a: Store, b: Store, at: number, made: Made = new Map()): void {
  const own = fileOf(a) === undefined ? b : a;
  const file = fileOf(own);
  if (file === undefined) return;
  const other = (own === a ? b : a).location;
  const { [other]: _, ...others } = read(own);
  const kept = Object.entries(others).slice(-MAX_COMPARISONS + 1);
  const [folder] = DerivedFolder.of(file);
  try {
    const lines = [MADE_HEAD, `${at}\t${other}`];
    const settled = clockOf(a, b)() - TIMESTAMP_GRANULARITY_MS;
    for (const [name, [left, right]] of made) {
      const [mine, theirs] = own === a ? [left, right] : [right, left];
      // What was made this moment could change again without its time telling.
      if (Math.max(left ?? 0, right ?? 0) >= settled) continue;
      lines.push(`${mine ?? ""}\t${theirs ?? ""}\t${name}`);
    }
    lines.push(`end ${lines.length}`);
    folder.replace(MADE_FILE, lines.join("\n"));
    folder.replace(FILE, JSON.stringify(Object.fromEntries([...kept, [other, at]])) + "\n");
  } catch {
    // They are compared again.
  }
}

/** What the last transfer made, if that was one with this peer at this time. */
function readMade(store: Store, peer: string, at: number): Made | undefined {
  const made = new Map<string, readonly [number | undefined, number | undefined]>();
  try {
    const [folder] = DerivedFolder.of(fileOf(store)!);
    const lines = folder.readText(MADE_FILE).split("\n");
    if (lines[0] !== MADE_HEAD || lines[1] !== `${at}\t${peer}` || lines.pop() !== `end ${lines.length}`) {
      return undefined;
    }
    for (const line of lines.slice(2)) {
      const [mine, theirs, name] = line.split("\t");
      made.set(name, [mine === "" ? undefined : Number(mine), theirs === "" ? undefined : Number(theirs)]);
    }
    return made;
  } catch {
    return undefined;
  }
}

function fileOf(store: Store): string | undefined {
  if (!(store instanceof LocalStore) || store.cache === undefined) return undefined;
  return `${parentOf(store.cache)}/${FILE}`;
}

/**
 * When a store was compared with which other one. A time to come is of a clock that has been set back since: from then on
 * times say nothing, and all that was remembered is forgotten for good, also for when the clock comes there again.
 */
function read(store: Store): Record<string, number> {
  const file = fileOf(store);
  if (file === undefined) return {};
  const [folder, name] = DerivedFolder.of(file);
  try {
    const json: unknown = JSON.parse(folder.readText(name));
    const times = Object.entries(isObject(json) ? json : {}).filter(([, time]) => Number.isFinite(time));
    if (times.some(([, time]) => (time as number) > clockOf(store, store)())) {
      folder.remove(name);
      return {};
    }
    return Object.fromEntries(times) as Record<string, number>;
  } catch {
    return {};
  }
}
