import { LOCAL_FOLDER } from "../../format/layout/names.ts";
import { TEMPORARY_PREFIX } from "../../fs/files/file_operations.ts";
import { LocalStore } from "../../store/local/local_store.ts";
import { type Problem, problem } from "../problems/problem.ts";
import type { Repository } from "../repository.ts";

/** Where the FIFOs of runs that go on lie, and the output of runs that could not be recorded. */
export const PIPES_FOLDER = `${LOCAL_FOLDER}/pipes`;

/** Names output that was kept when dbx was killed, and the one that went on for it: it is in no log yet. */
export async function* checkLeftOutput(repo: Repository): AsyncIterableIterator<Problem> {
  if (!(repo.store instanceof LocalStore)) return; // What belongs to a copy alone is not to be seen from afar.
  for await (const { name: run } of repo.store.list(PIPES_FOLDER)) {
    if (run.startsWith(TEMPORARY_PREFIX)) continue; // It was being removed.
    const path = `${PIPES_FOLDER}/${run}`;
    for await (const { name } of repo.store.list(path)) {
      if (name !== "out.kept") continue;
      const message = "output of a run whose dbx was killed, saved but not recorded yet; if its command has ended, " +
        `dbx run --adopt ${run} imports it`;
      yield problem("left-output", { path, message });
    }
  }
}
