import { globToRegExp } from "@std/path";
import { splitGlob } from "./glob_folders.ts";
import { type KeptPlace, MAX_DEPTH } from "./kept_place.ts";

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
