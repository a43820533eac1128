import { logNameOf } from "../format/names.ts";
import { TEMPORARY_PREFIX } from "../fs/files.ts";
import { type Problem, problem } from "./problem.ts";
import type { Repository } from "./repository.ts";

/** Names what stands in a folder and is neither one of some names nor, where there may be some, a log. */
export async function* checkStrays(
  repo: Repository,
  folder: string,
  { known, mayHaveLogs }: { readonly known: readonly string[]; readonly mayHaveLogs: boolean },
): AsyncIterableIterator<Problem> {
  for (const entry of await repo.entries(folder)) {
    if (known.includes(entry.name) || entry.isLink) continue; // Links are named by themselves.
    if (mayHaveLogs && entry.kind === "file" && logNameOf(entry.name) !== undefined) continue;
    const path = `${folder}/${entry.name}`;
    yield entry.name.startsWith(TEMPORARY_PREFIX)
      ? unfinished(path)
      : problem("stray", { path, message: "not a file of the format; dbx leaves it alone" });
  }
}

/** What a writer that died left. */
export function unfinished(path: string): Problem {
  return problem("temporary", { path, message: "what a crash left unfinished; dbx gc removes it" });
}
