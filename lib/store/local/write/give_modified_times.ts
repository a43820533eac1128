import { isAbsent } from "../../../fs/files/file_operations.ts";
import { setTime } from "../../../fs/files/set_modified_time.ts";
import type { RootFolder } from "../../../fs/folders/root_folder.ts";
import { checkName } from "../../names.ts";
import type { FileTime } from "../../store.ts";
import type { WriteGuard } from "../../write_guard.ts";

/** Gives files of a folder other times, where they still have their length and the guard allows it. */
export function giveModifiedTimes(root: RootFolder, files: readonly FileTime[], guard: WriteGuard | undefined): void {
  for (const { name, size, modifiedAt } of files) {
    if (modifiedAt === undefined) continue;
    checkName(name);
    if (guard?.maySettle(name) === false) continue;
    try {
      using file = root.open(name);
      // Between the look and the change a log may grow: then its length decides.
      if (file.statSync().size === size) setTime(file, modifiedAt);
    } catch (error) {
      if (!isAbsent(error) && !(error instanceof Deno.errors.PermissionDenied)) throw error;
    }
  }
}
