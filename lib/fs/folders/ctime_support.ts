import { TIMESTAMP_GRANULARITY_MS } from "../files/timestamps.ts";
import type { DerivedFolder } from "./derived_folder.ts";
import { temporaryIn } from "../files/file_operations.ts";
import type { VerifiedFolder } from "../links/verified_folder.ts";
import { setTime } from "../files/set_modified_time.ts";

const LONG_AGO = Date.UTC(2001, 0, 1);
const YEAR = 365 * 86_400_000;

/** What was found out of disks, by their numbers. */
const known = new Map<number, boolean>();

/**
 * Whether the disk that a folder is on keeps the time of each change of a file or folder (ctime), which nobody can set, apart
 * from the one that can be set (mtime). It is tried on a file in `derived`, if that is on the same disk, or seen by `samples`,
 * names in the folder.
 */
export function hasCtime(root: VerifiedFolder, derived: DerivedFolder, samples: readonly string[]): boolean {
  try {
    const device = root.lstat("")?.dev;
    if (device === undefined) return false;
    if (known.has(device)) return known.get(device)!;
    const isHere = derived.root.lstat(derived.folder)?.dev === device;
    const keeps = isHere ? isKept(derived) : samples.some((name) => {
      const info = root.lstat(name);
      const apart = Math.abs((info?.ctime?.getTime() ?? NaN) - (info?.mtime?.getTime() ?? NaN));
      return info?.dev === device && apart >= TIMESTAMP_GRANULARITY_MS;
    });
    known.set(device, keeps);
    return keeps;
  } catch {
    return false; // A full disk, for one: then names are proved one by one.
  }
}

function isKept(folder: DerivedFolder): boolean {
  const name = temporaryIn("");
  using file = folder.open(name, { write: true, createNew: true });
  try {
    setTime(file, LONG_AGO);
    const { mtime, ctime } = file.statSync();
    return mtime?.getTime() === LONG_AGO && ctime != null && ctime.getTime() > LONG_AGO + YEAR;
  } finally {
    folder.remove(name);
  }
}
