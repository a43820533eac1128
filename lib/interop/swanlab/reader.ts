import { NotFoundError } from "../../base/errors.ts";
import { lastSegment, parentOf } from "../../base/paths.ts";
import { sourceFiles } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";

/** Reads the folders that SwanLab writes: `swanlog/run-…` with a file `run-….swanlab`. */
export const reader: ForeignReader = {
  kind: "swanlab",
  title: "SwanLab's folders swanlog/",
  detect: async (path) => (await sourceFiles(path, isRunFile).catch(() => [])).length > 0,
  open,
};

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const files = await sourceFiles(path, isRunFile);
  if (files.length === 0) throw new NotFoundError(`Cannot read "${path}": there is no file run-….swanlab in it`);
  const { readRunFile } = await import("./run_file.ts");
  for (const file of files) {
    options.signal?.throwIfAborted();
    const folder = file.path.slice(0, file.path.lastIndexOf("/"));
    yield* readRunFile(file, { folder, name: parentOf(file.name) }, options);
  }
}

function isRunFile(name: string): boolean {
  return /^run-.*\.swanlab$/.test(lastSegment(name));
}
