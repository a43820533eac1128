import { parentOf } from "../../../base/paths.ts";
import { listUserFolder, lookAtUserFile } from "../../../fs/files/user_files.ts";
import { isCode, mayHoldCode } from "./code_names.ts";

/** Folders below a script's are looked into so deep. */
const MAX_DEPTH = 5;

/** Files that are found at most. */
const MAX_FOUND = 2000;

/**
 * Outside of git: a script and what it may load from beside it, by their paths relative to the folder of the script: files of the same
 * ending, and for Python the packages there (folders with an `__init__.py`). `script`: an absolute path.
 */
export function scriptFiles(script: string): { readonly folder: string; readonly paths: readonly string[] } {
  const folder = parentOf(script);
  const name = script.slice(folder.length + 1);
  if (lookAtUserFile(script)?.isFile !== true) return { folder, paths: [] };
  const ending = /\.[^.]+$/.exec(name)?.[0];
  const paths = [name];
  const isLikeScript = (other: string) => ending !== undefined && other.endsWith(ending) && isCode(other);
  const visit = (below: string, depth: number) => {
    for (const { name: entry, isFile, isDirectory } of listUserFolder(below === "" ? folder : `${folder}/${below}`)) {
      if (paths.length >= MAX_FOUND) return;
      const path = below === "" ? entry : `${below}/${entry}`;
      if (isFile && path !== name && isLikeScript(entry)) paths.push(path);
      else if (isDirectory && depth < MAX_DEPTH && mayHoldCode(entry) && isPackage(`${folder}/${path}`)) {
        visit(path, depth + 1);
      }
    }
  };
  visit("", 0);
  return { folder, paths };
}

function isPackage(folder: string): boolean {
  return lookAtUserFile(`${folder}/__init__.py`)?.isFile === true;
}
