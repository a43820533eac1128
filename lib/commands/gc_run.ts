import { UsageError } from "../base/errors.ts";
import { collectGarbage } from "../repo/gc.ts";
import { openReader } from "../repo/open.ts";
import { formatProblem } from "../repo/problem.ts";
import { LocalStore } from "../store/local.ts";
import type { Context, Parsed } from "./command.ts";
import { bytes, safe } from "./format_values.ts";
import { flag, text } from "./parse.ts";
import { spanOf } from "./sync/options.ts";

/** Collects garbage. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const store = new LocalStore(context.repo);
  const repository = await openReader(store);
  if (repository.version === 0) {
    throw new UsageError(`Cannot collect garbage in ${context.repo}: it is of version 0, which dbx does not write`);
  }
  const dryRun = flag(parsed, "dry-run");
  const { stderr } = context;
  let drawnAt = context.now;
  const result = await collectGarbage(repository, store, {
    olderThan: spanOf(text(parsed, "older-than") ?? "30d", "older-than"),
    now: context.now,
    dryRun,
    signal: context.signal,
    onProgress({ experiments }) {
      if (!stderr.isTerminal || Date.now() - drawnAt < 300) return;
      drawnAt = Date.now();
      stderr.write(`\rlooked at ${experiments} experiments`);
    },
  });
  if (stderr.isTerminal) stderr.write("\r\x1b[K");
  for (const problem of result.problems) stderr.write(`dbx: ${safe(formatProblem(problem))}\n`);
  if (flag(parsed, "json")) context.stdout.write(JSON.stringify(result, null, 2) + "\n");
  else {
    const { experiments, objects, files } = result;
    const one = experiments.length === 1 ? "1 experiment" : `${experiments.length} experiments`;
    context.stdout.write(
      `${dryRun ? "would remove" : "removed"} the runs of ${one}, ${objects} objects: ${files} files, ${
        bytes(result.bytes)
      }\n`,
    );
  }
  return result.problems.some(({ severity }) => severity === "damage") ? 1 : 0;
}
