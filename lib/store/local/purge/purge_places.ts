import { lastSegment } from "../../../base/paths.ts";
import { isIdV0 } from "../../../base/ids.ts";
import {
  logNameOf,
  META_FILE,
  NOTES_FOLDER,
  OBJECTS_FOLDER,
  runFolder,
  RUNS_FOLDER,
  runsFolder,
} from "../../../format/layout/names.ts";
import { isAbsent } from "../../../fs/files/file_operations.ts";
import { LinkError, type RootFolder } from "../../../fs/folders/root_folder.ts";

/** A folder that goes. */
export interface PurgePlace {
  readonly id: string;
  /** Relative to the root. */
  readonly folder: string;
  readonly of: "experiment" | "run";
}

/**
 * Where experiments and runs of some ids stand, also incomplete ones, and those that were moved or copied by hand. What
 * cannot be listed is reported to `onClosed`. Gives way after each folder.
 */
export function* purgePlaces(
  root: RootFolder,
  ids: ReadonlySet<string>,
  onClosed: (folder: string) => void = () => {},
): Generator<PurgePlace | undefined, void> {
  const left = [""];
  for (let folder = left.pop(); folder !== undefined; folder = left.pop()) {
    yield;
    const entries = listed(root, folder, onClosed);
    const id = lastSegment(folder);
    const isExperiment = isIdV0(id) && entries.some(({ name }) => OWN.includes(name) || logNameOf(name) !== undefined);
    if (isExperiment && ids.has(id)) yield { id, folder, of: "experiment" };
    else if (isExperiment) {
      if (!entries.some(({ name, isDirectory }) => name === RUNS_FOLDER && isDirectory)) continue;
      for (const { name, isDirectory } of listed(root, runsFolder(folder), onClosed)) {
        if (isDirectory && ids.has(name)) yield { id: name, folder: runFolder(folder, name), of: "run" };
      }
    } else {
      for (const { name, isDirectory } of entries) {
        if (!isDirectory || name.startsWith(".") || (folder === "" && name === OBJECTS_FOLDER)) continue;
        left.push(folder === "" ? name : `${folder}/${name}`);
      }
    }
  }
}

/** What makes a folder named by an id an experiment's. */
const OWN = [META_FILE, RUNS_FOLDER, NOTES_FOLDER];

function listed(root: RootFolder, folder: string, onClosed: (folder: string) => void): readonly Deno.DirEntry[] {
  try {
    return root.list(folder);
  } catch (error) {
    if (!isAbsent(error) && !(error instanceof LinkError)) onClosed(folder);
    return [];
  }
}
