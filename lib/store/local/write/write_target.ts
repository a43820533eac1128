import { DiskError, toDiskError } from "../../../fs/disk_error.ts";
import { temporaryIn } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";
import type { WriteManyOptions } from "../../store.ts";
import { stopsAll, type WriteGuard } from "../../write_guard.ts";
import { Tombstones } from "../purge/tombstones.ts";
import { ReportBuilder } from "./report_builder.ts";
import { TargetFolders } from "./target_folders.ts";

/** The system's error of a process that may not do something. */
const NOT_ALLOWED = 13;

/** A folder that files are written to, and what all who write there have in common. */
export class WriteTarget {
  readonly report = new ReportBuilder();
  readonly folders: TargetFolders;
  readonly purged: Tombstones;
  readonly guard: WriteGuard | undefined;
  #isWritable: boolean | undefined;

  /** `root`: the folder, which must be there. */
  constructor(readonly root: RootFolder, { guard, tombstones }: WriteManyOptions) {
    this.guard = guard;
    this.purged = new Tombstones(root, tombstones);
    this.folders = new TargetFolders(root);
  }

  isThere(name: string): boolean {
    try {
      return this.root.lstat(name)?.isFile === true;
    } catch (error) {
      if (error instanceof LinkError) return false;
      throw error;
    }
  }

  /** Whether an error concerns the whole target, not one file: no space, no right to write, a quota that is used up. */
  stopsAll(error: unknown): boolean {
    if (stopsAll(error)) return true;
    const found = toDiskError(error, "");
    if (!(found instanceof DiskError) || !found.stopsAll) return false;
    // Of a shared repository, single files or folders may be another user's.
    return found.code !== NOT_ALLOWED || !this.#mayWrite();
  }

  #mayWrite(): boolean {
    if (this.#isWritable !== undefined) return this.#isWritable;
    const name = temporaryIn("");
    try {
      this.root.open(name, { write: true, createNew: true }).close();
      this.root.remove(name);
      return this.#isWritable = true;
    } catch {
      return this.#isWritable = false;
    }
  }
}
