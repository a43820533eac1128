import { NotFoundError } from "../../base/errors.ts";
import { lastSegment } from "../../base/paths.ts";
import { type SourceEntry, sourceFiles } from "../files/source_files.ts";

/** The files at a path that a test takes. A file that is named itself is taken whatever it is called. */
export async function tableFiles(path: string, takes: (name: string) => boolean, what: string): Promise<SourceEntry[]> {
  const files = await sourceFiles(path, takes);
  if (files.length > 0) return files;
  const itself = await sourceFiles(path, () => true);
  if (itself.length === 1 && itself[0].path === path) return itself;
  throw new NotFoundError(`Cannot read "${path}": there is no ${what} in it`);
}

/** The name of a run that is a file: its path without its last ending. */
export function labelOf(name: string): string {
  return name.replace(/\.[^./]+$/, "") || lastSegment(name);
}
