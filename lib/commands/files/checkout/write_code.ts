import { parentOf } from "../../../base/paths.ts";
import { writeAllSync } from "../../../fs/files/file_operations.ts";
import { RootFolder } from "../../../fs/folders/root_folder.ts";
import type { Experiment } from "../../../repo/experiments/experiment.ts";
import { readStored } from "../../../repo/experiments/stored_file.ts";
import type { Repository } from "../../../repo/repository.ts";
import { targetName } from "../target_name.ts";
import type { CodeFile } from "./kept_code.ts";

/** Writes files of code into a folder that was just made: what the commit has by that name is not replaced by a link that leads elsewhere. */
export async function writeCode(
  { store }: Repository,
  experiment: Experiment,
  folder: string,
  files: readonly CodeFile[],
  left?: { readonly name: string; readonly data: Uint8Array },
): Promise<void> {
  const root = new RootFolder(folder);
  root.makeFolder("");
  for (const file of files) {
    // The names come from a repository that anybody may have written.
    const name = targetName(file.path, false);
    write(root, name, (await readStored(store, experiment, file))!, file.executable ? 0o777 : 0o666);
  }
  if (left !== undefined) write(root, left.name, left.data, 0o666);
}

function write(root: RootFolder, name: string, data: Uint8Array, mode: number): void {
  root.makeFolder(parentOf(name));
  using file = root.open(name, { write: true, create: true, truncate: true, mode });
  writeAllSync(file, data);
}
