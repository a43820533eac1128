import { DamageError } from "../../../base/errors.ts";
import { parentOf } from "../../../base/paths.ts";
import { toDiskError } from "../../../fs/disk_error.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { WriteGuard } from "../../write_guard.ts";
import { checkNotPurged } from "../purge/tombstones.ts";
import { askFirst, growLog } from "./grow_log.ts";

/** Adds bytes to a log of a folder, as the contract of a store says. */
export function appendToLog(
  root: RootFolder,
  name: string,
  offset: number,
  bytes: Uint8Array,
  guard: WriteGuard | undefined,
): void {
  try {
    let isAsked = false;
    if (offset === 0) {
      checkNotPurged(root, name);
      if (guard !== undefined && root.lstat(name) === undefined) {
        askFirst(guard, name, bytes);
        isAsked = true;
      }
      root.makeFolder(parentOf(name));
    }
    using file = root.open(name, { read: true, append: true, create: offset === 0 });
    file.lockSync(true);
    const { kind, size } = growLog(file, { name, offset, bytes, guard, isAsked, root });
    if (kind === "grown") return;
    const why = kind === "gap" ? `it is ${size} bytes long` : "it has other bytes there";
    throw new DamageError(`Cannot append to "${name}" at ${offset}: ${why}`, { path: name, offset: size });
  } catch (error) {
    throw toDiskError(error, root.pathOf(name));
  }
}
