import { isIdV0 } from "../../base/ids.ts";
import { LOG_FILE, logNameOf, META_FILE, NOTES_FOLDER, RUNS_FOLDER } from "../../format/layout/names.ts";
import { TEMPORARY_PREFIX } from "../../fs/files/file_operations.ts";
import type { Entry } from "../../store/store.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** What may stand in each kind of folder. */
const KNOWN: Readonly<Record<string, (entry: Entry) => boolean>> = {
  experiment: ({ name }) => [META_FILE, RUNS_FOLDER, NOTES_FOLDER].includes(name),
  runs: ({ name, kind }) => kind === "folder" && isIdV0(name),
  run: (entry) => entry.name === META_FILE || isLog(entry),
  notes: (entry) => isLog(entry) && entry.name !== LOG_FILE,
};

/** Names what stands in a folder and is not part of the format there. */
export async function* checkStrays(
  repo: Repository,
  folder: string,
  of: "experiment" | "runs" | "run" | "notes",
): AsyncIterableIterator<Problem> {
  for (const entry of await repo.entries(folder)) {
    if (KNOWN[of](entry) || entry.isLink) continue; // Links are named by themselves.
    const path = `${folder}/${entry.name}`;
    yield entry.name.startsWith(TEMPORARY_PREFIX)
      ? unfinishedProblem(path)
      : problem("stray", { path, message: "not a file of the format; dbx leaves it alone" });
  }
}

function isLog({ kind, name }: Entry): boolean {
  return kind === "file" && logNameOf(name) !== undefined;
}

/** What a writer that died left. */
export function unfinishedProblem(path: string): Problem {
  return problem("temporary", { path, message: "left unfinished by a crash; dbx gc removes it" });
}
