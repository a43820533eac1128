import { NotFoundError } from "../../base/errors.ts";
import { parentOf } from "../../base/paths.ts";
import { sourceFiles } from "../files/source_files.ts";
import { folderEntries } from "../files/folder_entries.ts";
import { isFolder, sourceEntry } from "../files/source_files.ts";
import type { ForeignReader, ForeignRecord, ReadOptions } from "../foreign.ts";

/** Reads what Sacred's FileStorageObserver writes: numbered folders with `run.json` and `config.json`. */
export const reader: ForeignReader = { kind: "sacred", title: "folders of Sacred's FileStorageObserver", detect, open };

async function* open(path: string, options: ReadOptions): AsyncGenerator<readonly ForeignRecord[]> {
  const runs = await sourceFiles(path, (name) => /(?:^|\/)run\.json$/.test(name));
  if (runs.length === 0) {
    throw new NotFoundError(`Cannot read "${path}": there is no run of Sacred in it, a folder with run.json`);
  }
  const { readRun } = await import("./read_run.ts");
  for (const run of runs) {
    options.signal?.throwIfAborted();
    yield* readRun({ root: path, folder: run.path.slice(0, -"/run.json".length), name: parentOf(run.name) }, options);
  }
}

async function detect(path: string): Promise<boolean> {
  if (!await isFolder(path)) return false;
  const isRun = async (folder: string): Promise<boolean> =>
    await sourceEntry(`${folder}/run.json`) !== undefined && await sourceEntry(`${folder}/config.json`) !== undefined;
  if (await isRun(path)) return true;
  for (const { name, isFolder } of await folderEntries(path)) {
    if (isFolder && await isRun(`${path}/${name}`)) return true;
  }
  return false;
}
