import type { Repository } from "../repo/repository.ts";
import type { Context } from "./command.ts";

/** Says once, on stderr, that damaged definitions were left out. */
export function warnOfProblems(context: Context, repository: Repository): void {
  const count = repository.problems.length;
  if (count === 0) return;
  const what = count === 1 ? "one definition is damaged and was" : `${count} definitions are damaged and were`;
  context.stderr.write(`dbx: ${what} left out; dbx check names ${count === 1 ? "it" : "them"}\n`);
}
