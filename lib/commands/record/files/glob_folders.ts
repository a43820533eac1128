import { absolute } from "../../../base/paths.ts";

/** A glob in two: the absolute path of the folder below which all that it names is, and the parts that follow. */
export function splitGlob(glob: string, cwd: string): { readonly folder: string; readonly rest: readonly string[] } {
  const parts = absolute(glob, cwd).split("/");
  const first = parts.findIndex((part) => /[*?[{]/.test(part));
  // Without a star, it is one file.
  const fixed = parts.slice(0, first < 0 ? -1 : first);
  return { folder: fixed.join("/") || "/", rest: parts.slice(fixed.length) };
}

/** The folders outside the working folder that have to be read for globs. */
export function foldersOfGlobs(globs: readonly string[], cwd: string): string[] {
  const isBelow = (folder: string) => folder === cwd || folder.startsWith(`${cwd}/`);
  return globs.map((glob) => splitGlob(glob, cwd).folder).filter((folder) => !isBelow(folder));
}
