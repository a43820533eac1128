import { TEMPORARY_PREFIX } from "../../fs/files/file_operations.ts";
import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { filesBelow } from "../../store/local/files/gc_files.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Where the folders are that `dbx run` gives to commands for their files. */
export const FILES_FOLDER = `${LOCAL_FOLDER}/files`;

/** The folder for the files of a run, relative to the repository. */
export function ownFiles(run: string): string {
  return `${FILES_FOLDER}/${run}`;
}

/** Names folders with files that a command wrote and that no log names: those of runs that do not go on. */
export async function* checkLeftFiles(repo: Repository): AsyncIterableIterator<Problem> {
  if (!(repo.store instanceof LocalStore)) return; // What belongs to a copy alone is not to be seen from afar.
  for await (const { name: run } of repo.store.list(FILES_FOLDER)) {
    if (run.startsWith(TEMPORARY_PREFIX)) continue; // It was being removed.
    const path = ownFiles(run);
    const count = filesBelow(repo.store.folder, path).filter(({ kind }) => kind === "file").toArray().length;
    if (count === 0 || await goesOn(repo, run)) continue;
    const files = count === 1 ? "a file" : `${count} files`;
    const message = `${files} of a run, not recorded because dbx was killed or the disk was full; ` +
      `dbx run --adopt ${run} imports ${count === 1 ? "it" : "them"}`;
    yield problem("left-files", { path, message });
  }
}

async function goesOn(repo: Repository, run: string): Promise<boolean> {
  try {
    return (await (await repo.findRun(run)).status()).status === "running";
  } catch {
    return false; // It was purged, or its definition is damaged.
  }
}
