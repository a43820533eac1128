import { UsageError } from "../../base/errors.ts";
import { isSegment } from "../../format/layout/file_kind.ts";
import { MAX_FILE_DEPTH } from "../../format/layout/names.ts";

/**
 * The path of a file below the folder where it is to be written, which its name is where that is harmless. The name comes from a
 * repository that anybody may have written, so that it must not lead out of the folder, nor to hidden files, which programs obey.
 * `isHiddenFine`: whether the user has typed the name.
 */
export function targetName(name: string, isHiddenFine: boolean): string {
  const segments = name.split("/");
  const why = segments.length > MAX_FILE_DEPTH || !segments.every((part) => isPlain(part))
    ? "that is not a path below a folder"
    : !isHiddenFine && segments.some((part) => part.startsWith("."))
    ? "it is hidden; write its name in full if you want it"
    : undefined;
  if (why === undefined) return name;
  throw new UsageError(`Cannot write a file ${JSON.stringify(name)}: ${why}; dbx cat prints it`);
}

/** Whether a segment of a path is one, hidden or not. */
function isPlain(segment: string): boolean {
  if (segment === "" || segment === "." || segment === "..") return false;
  return isSegment(segment.replace(/^\.+/, "_")) && segment.toLowerCase() !== ".git";
}
