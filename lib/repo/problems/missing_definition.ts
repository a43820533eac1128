import { type Problem, problem } from "./problem.ts";
import type { Repository } from "../repository.ts";

/** That something has no definition yet. */
export function incompleteOf(folder: string, what: "experiment" | "run"): Problem {
  const message = `this ${what} has no meta.json: a clone, pull or sync was interrupted, or the file was removed; ` +
    "synchronise again with a copy that has it";
  return problem("incomplete", { path: folder, message });
}

/** Whether a folder or one below it holds a file that is not hidden. */
export async function holdsFiles(repository: Repository, folder: string): Promise<boolean> {
  for (const { kind, name } of await repository.entries(folder)) {
    if (name.startsWith(".")) continue;
    if (kind !== "folder" || await holdsFiles(repository, `${folder}/${name}`)) return true;
  }
  return false;
}
