import type { Entry } from "../../store/store.ts";
import { type Problem, problem } from "./problem.ts";

/** What lists folders, without those that cannot be used. */
export interface FolderListing {
  entries(folder: string): Promise<readonly Entry[]>;
}

/** That something has no definition yet. */
export function incompleteOf(folder: string, what: "experiment" | "run"): Problem {
  const message = `this ${what} has no meta.json: a clone, pull or sync was interrupted, or the file was removed; ` +
    "synchronise again with a copy that has it";
  return problem("incomplete", { path: folder, message });
}

/** Whether a folder or one below it holds a file that is not hidden. */
export async function holdsFiles(within: FolderListing, folder: string): Promise<boolean> {
  for (const { kind, name } of await within.entries(folder)) {
    if (name.startsWith(".")) continue;
    if (kind !== "folder" || await holdsFiles(within, `${folder}/${name}`)) return true;
  }
  return false;
}
