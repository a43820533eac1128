import { checkRepository } from "../repo/check.ts";
import { formatProblem } from "../repo/problem.ts";
import type { Context, Parsed } from "./command.ts";
import { openRepo } from "./repository.ts";
import { safe } from "./format_values.ts";
import { flag } from "./parse.ts";

/** Verifies a repository. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const repository = await openRepo(context);
  const { stderr, stdout } = context;
  let drawnAt = 0;
  let done = { experiments: 0, objects: 0 };
  const clear = () => stderr.isTerminal && drawnAt > 0 && stderr.write("\r\x1b[K");
  const onProgress = (now: typeof done) => {
    done = { ...now };
    if (!stderr.isTerminal || Date.now() - drawnAt < 100) return;
    drawnAt = Date.now();
    stderr.write(`\rchecked ${done.experiments} experiments, ${done.objects} objects`);
  };
  const count = { damage: 0, note: 0 };
  const options = { readData: flag(parsed, "read-data"), signal: context.signal, onProgress };
  for await (const problem of checkRepository(repository, options)) {
    clear();
    count[problem.severity]++;
    stdout.write(
      (flag(parsed, "json") ? JSON.stringify(problem) : `${problem.severity}: ${safe(formatProblem(problem))}`) + "\n",
    );
  }
  clear();
  if (!flag(parsed, "json")) {
    const objects = options.readData ? ` and ${done.objects} objects` : "";
    stdout.write(`checked ${done.experiments} experiments${objects}: ${count.damage} damaged, ${count.note} notes\n`);
  }
  return count.damage > 0 ? 1 : 0;
}
