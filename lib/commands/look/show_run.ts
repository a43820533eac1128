import type { Context, Parsed } from "../../cli/command.ts";
import { findExperimentOrRun } from "../../cli/repository/experiment_or_run.ts";
import { BadLines, warnOfProblems } from "../../cli/repository/problems.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import type { OPTIONS } from "./show.ts";
import { printShown } from "./show/print.ts";
import { readShown, type Shown } from "./show/read.ts";

/** Shows an experiment or a run. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const lines = parsed.options.lines ?? 10;
  const repository = await context.repository();
  const badLines = new BadLines();
  const shown = await readShown(await findExperimentOrRun(repository, parsed.positionals[0]), {
    now: context.now,
    lines,
    plots: parsed.options.plot,
    badLines,
    signal: context.signal,
  });
  warnOfProblems(context, repository, badLines);
  return recordResult(asObject(shown), { text: (out) => printShown(out, shown, parsed.options.system) });
}

function asObject(shown: Shown): Readonly<Record<string, unknown>> {
  const { extra, createdAt, ...own } = shown.experiment.definition;
  return {
    ...own,
    name: shown.notes.name ?? own.name,
    createdAt: Number.isNaN(createdAt) ? null : createdAt,
    ...extra,
    tags: shown.notes.tags,
    notes: shown.notes.notes,
    deleted: shown.notes.deleted,
    runs: shown.runs.map(({ run, status }) => ({ ...run.definition, ...status })),
    run: shown.run?.id,
    series: shown.series,
    files: [...shown.files, ...shown.codeFiles],
    ...shown.surroundings,
    ...shown.captured.asObject(),
    output: shown.output,
    ...(shown.curves.length > 0
      ? { curves: shown.curves.map(({ key, run, curve }) => ({ key, run: run.id, ...curve })) }
      : {}),
  };
}
