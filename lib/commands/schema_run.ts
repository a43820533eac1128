import { UsageError } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { type Snapshot, takeSnapshot } from "../index/snapshot.ts";
import { query } from "../query/query.ts";
import { experimentFamily, runFamily } from "../query/row_cells.ts";
import { tableOf, TABLES } from "../query/schema.ts";
import type { Context, Parsed } from "./command.ts";
import { safe } from "./format_values.ts";
import { flag } from "./parse.ts";
import { BadLines, warnOfLines, warnOfProblems } from "./problems.ts";
import { indexProgress, openSources, saveCatalogues } from "./sources.ts";
import { printTable } from "./table_print.ts";

/** Lists what can be asked for. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const [name] = parsed.positionals;
  const chosen = name === undefined ? TABLES : [tableOf(name)].filter((table) => table !== undefined);
  if (chosen.length === 0) {
    const hint = didYouMean(name, TABLES.map((table) => table.name));
    throw new UsageError(`Cannot describe the table "${name}": there is none of that name${hint}`);
  }
  const sources = await openSources(context);
  const badLines = new BadLines();
  const needs = { status: false, runs: true, runStatus: false, logs: false, stdout: false, columns: false };
  const snapshot = await takeSnapshot(sources, needs, { now: context.now, signal: context.signal });
  const sql = "SELECT key, count(*) AS series, sum(count) AS points FROM metrics GROUP BY key ORDER BY key";
  const series: (string | number)[][] = [];
  if (name === undefined || ["points", "metrics"].includes(chosen[0].name)) {
    using answer = await query(sources, sql, {
      onProgress: indexProgress(context),
      signal: context.signal,
      now: context.now,
      onProblem: badLines.add,
    });
    for await (const row of answer) series.push(row as (string | number)[]);
  }
  saveCatalogues(sources);
  for (const { repository } of sources) warnOfProblems(context, repository);
  warnOfLines(context, badLines);
  if (flag(parsed, "json")) {
    const tables = chosen.map(({ name, help, columns, families }) => ({
      name,
      help,
      columns: columns.map(([name, type, help]) => ({ name, type, help })),
      dotted: families.flatMap((family) => partsOf(snapshot, family).map(([name, count]) => ({ name, count }))),
    }));
    const keys = series.map(([key, series, points]) => ({ key, series, points }));
    context.stdout.write(JSON.stringify({ tables, keys }, null, 2) + "\n");
    return 0;
  }
  for (const { name, help, columns, families } of chosen) {
    context.stdout.write(`${name}: ${help}\n`);
    const rows = columns.map(([name, type, help]) => [`  ${name}`, type, help]);
    const dotted = families.flatMap((family) => {
      const parts = partsOf(snapshot, family);
      const shown = parts.slice(0, MOST_PARTS).map(([name, count]) => [`  ${safe(name)}`, "", `in ${count} of them`]);
      const more = parts.length > MOST_PARTS ? `${parts.length - MOST_PARTS} more` : `the parts of ${family}`;
      return [...shown, [`  ${family}.<path>`, "", more]];
    });
    printTable(context.stdout, ["  column", "type", ""], [...rows, ...dotted]);
    context.stdout.write("\n");
  }
  if (series.length > 0) {
    context.stdout.write("keys of series\n");
    printTable(
      context.stdout,
      ["  key", "series", "points"],
      series.map((row) => row.map((it) => `  ${safe(`${it}`)}`)),
    );
  }
  return 0;
}

/** More parts of a family are counted, but not shown. */
const MOST_PARTS = 40;

/** The parts of params, metadata, environment or git that there are, and how many rows have each. */
function partsOf({ experiments, runs }: Snapshot, family: string): [name: string, count: number][] {
  const counts = new Map<string, number>();
  const visit = (prefix: string, json: JsonObject | undefined, depth: number): void => {
    for (const [key, value] of Object.entries(json ?? {})) {
      const name = `${prefix}.${key}`;
      if (depth < 4 && isObject(value)) visit(name, value as JsonObject, depth + 1);
      else counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  };
  if (family === "params" || family === "meta") {
    for (const row of experiments) visit(family, experimentFamily(row, family), 0);
  } else if (family === "env" || family === "git") { for (const row of runs) visit(family, runFamily(row, family), 0); }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
