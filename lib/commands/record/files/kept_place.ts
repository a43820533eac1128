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

/** No glob, and no folder of a command, goes further down. */
export const MAX_DEPTH = 32;

/** All files below a folder, by their paths in it. */
export function placeOfFolder(folder: string): KeptPlace {
  return { folder, depth: MAX_DEPTH, matches: () => true, nameOf: (path) => path.slice(folder.length + 1) };
}
