import { openAsking } from "../../cli/repository/asking.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { type Diff, diffOf } from "../../compare/diff/diff.ts";
import type { DiffRow } from "../../compare/diff/rows.ts";
import { type RecordResult, recordResult } from "../../terminal/result.ts";
import type { OPTIONS } from "./diff.ts";
import { printDiff } from "./diff/print.ts";

/** Compares experiments or runs. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<RecordResult> {
  const { all, only, patch, system } = parsed.options;
  const asking = await openAsking(context);
  const found = await diffOf(await context.repository(), asking, parsed.positionals, {
    now: context.now,
    system: system || all,
  });
  asking.end();
  const isShown = ({ section, differs }: DiffRow) =>
    (all || differs) && (only.length === 0 || (only as readonly string[]).includes(section));
  const diff: Diff = { ...found, rows: found.rows.filter(isShown) };
  const subjects = diff.subjects.map(({ experiment, run, isRun }) => ({ experiment, run, isRun }));
  const patches = patch ? diff.subjects.map((subject) => subject.patch ?? null) : undefined;
  const rows = diff.rows.map((row) => ({ ...row, values: row.values.map((value) => value ?? null) }));
  return recordResult({ subjects, rows, ...patches !== undefined && { patches } }, {
    text: (out) => printDiff(out, diff, { all, patch }),
  });
}
