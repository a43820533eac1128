import { UsageError } from "../../base/errors.ts";
import { isUrl } from "../../base/server_url.ts";
import { checkRepository } from "../../repo/check/check.ts";
import { formatProblem, type Problem } from "../../repo/problems/problem.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./check.ts";
import { progressLine } from "../../terminal/progress.ts";
import { listResult, type Result } from "../../terminal/result.ts";
import { PrefetchedStore } from "../../store/local/prefetched_store.ts";
import { LocalStore } from "../../store/local/local_store.ts";

/** Verifies a repository. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  if (parsed.options["repair-marker"]) await repair(context);
  const repository = await context.repository((path) => new PrefetchedStore(path));
  const { stderr } = context;
  const draw = progressLine(stderr);
  let done = { experiments: 0, objects: 0 };
  const onProgress = (now: typeof done) => {
    done = { ...now };
    draw(() => `checked ${done.experiments} experiments, ${done.objects} objects`);
  };
  const count = { damage: 0, note: 0, portability: 0 };
  const portable = parsed.options.portable;
  const options = { readData: parsed.options["read-data"], portable, signal: context.signal, onProgress };
  const counted = async function* (): AsyncGenerator<Problem> {
    for await (const problem of checkRepository(repository, options)) {
      count[problem.severity]++;
      yield problem;
    }
    stderr.clear();
  };
  return listResult({
    items: counted(),
    fields: ["severity", "kind", "path", "line", "offset", "message", "systems"],
    line: (problem) => [`${problem.severity}: ${formatProblem(problem)}`],
    end() {
      const objects = options.readData ? ` and ${numberOf(done.objects, "object")}` : "";
      const names = portable ? `, ${numberOf(count.portability, "name")} that other systems cannot store` : "";
      const experiments = numberOf(done.experiments, "experiment");
      return {
        exitCode: count.damage + count.portability > 0 ? 1 : 0,
        line: `checked ${experiments}${objects}: ${count.damage} damaged, ${numberOf(count.note, "note")}${names}`,
      };
    },
  });
}

/** Writes a new marker where it is damaged. What is said of it goes to stderr: stdout holds the problems. */
async function repair(context: Context): Promise<void> {
  if (isUrl(context.repo)) {
    throw new UsageError(
      `Cannot repair dbx.json of ${context.repo}: run dbx check --repair-marker on the machine that has the folder`,
    );
  }
  const { repairMarker } = await import("../../repo/repair_config.ts");
  const repaired = await repairMarker(new LocalStore(context.repo), Date.now());
  if (repaired === undefined) {
    context.stderr.line("dbx: dbx.json is valid; nothing to repair");
    return;
  }
  const from = { copy: "which this copy remembered", text: "which the old one still gives", new: "a new one" };
  const kept = repaired.kept === undefined ? "" : `; the old bytes are in ${repaired.kept}`;
  context.stderr.line(`dbx: wrote a new dbx.json with the id ${repaired.id}, ${from[repaired.from]}${kept}`);
}

function numberOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
