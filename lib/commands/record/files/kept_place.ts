import { globToRegExp } from "@std/path";
import { splitGlob } from "./glob_folders.ts";

/** Files of a folder that are kept. */
export interface KeptPlace {
  /** The absolute path of the folder below which they are. */
  readonly folder: string;
  /** Whether folders in it are looked into, and how deep: 1 is the folder itself. */
  readonly depth: number;
  /** Whether a file is one of them, by its absolute path. */
  readonly matches: (path: string) => boolean;
  /** What a file is called in the run. */
  readonly nameOf: (path: string) => string;
}

/** No glob goes further down. */
const MAX_DEPTH = 32;

/** Where the files are that a glob names. A glob is relative to the working folder, or absolute; `**` stands for any folders. */
export function placeOfGlob(glob: string, cwd: string): KeptPlace {
  const { folder, rest } = splitGlob(glob, cwd);
  const pattern = globToRegExp(rest.join("/"), { extended: true, globstar: true });
  const prefix = folder === "/" ? folder : `${folder}/`;
  const below = `${cwd === "/" ? "" : cwd}/`;
  return {
    folder,
    depth: rest.includes("**") ? MAX_DEPTH : rest.length,
    matches: (path) => path.startsWith(prefix) && pattern.test(path.slice(prefix.length)),
    nameOf: (path) => path.startsWith(below) ? path.slice(below.length) : path.replace(/^(?:[a-z]:)?\/+/i, ""),
  };
}

/** All files below a folder, by their paths in it. */
export function placeOfFolder(folder: string): KeptPlace {
  return { folder, depth: MAX_DEPTH, matches: () => true, nameOf: (path) => path.slice(folder.length + 1) };
}
