import { glob } from "../base/glob.ts";
import type { Json } from "../base/json.ts";
import type { ExperimentDefinition } from "../format/definition.ts";
import { encodeValue } from "../format/value.ts";
import { columnOf, compare, differingParams, isSeriesColumn, Row, shown } from "./columns.ts";
import type { Context, Parsed } from "./command.ts";
import { safe } from "./format_values.ts";
import { openListings, saveCatalogues } from "./listings.ts";
import { flag, list, text } from "./parse.ts";
import { BadLines, warnOfProblems } from "./problems.ts";
import { printTable } from "./table_print.ts";
import { whole } from "./whole.ts";

/** Lists experiments. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const limit = whole(parsed, "limit", Infinity);
  const [listing] = await openListings(context);
  const { repository } = listing;
  const badLines = new BadLines();
  const only = onlyOf(parsed);
  const experiments = await Array.fromAsync(repository.experiments({ signal: context.signal, only }));
  const sort = text(parsed, "sort") ?? "-created";
  const asked = [sort.replace(/^-/, ""), ...text(parsed, "cols")?.split(",").map((name) => name.trim()) ?? []];
  const summaries = asked.some(isSeriesColumn)
    ? await (await import("./summaries.ts")).summariesOf(context, listing, badLines)
    : undefined;
  const made = experiments.map((experiment) => new Row(experiment, context.now, badLines, summaries));
  const rows = await filter(made, parsed);

  const turn = sort.startsWith("-") ? -1 : 1;
  const order = columnOf(sort.replace(/^-/, ""), experiments);
  const keyed = await Promise.all(rows.map(async (row) => ({ row, key: await order.value(row) })));
  keyed.sort((a, b) => compare(a.key, b.key, turn) || (a.row.experiment.id < b.row.experiment.id ? -1 : 1));
  const kept = keyed.slice(0, limit).map(({ row }) => row);

  const params = differingParams(kept.map((row) => row.experiment), flag(parsed, "json") ? Infinity : 4);
  const wanted = text(parsed, "cols")?.split(",") ?? ["id", "name", "kind", "status", "age", "duration", ...params];
  const columns = wanted.map((name) => columnOf(name.trim(), experiments));
  const values: (Json | undefined)[][] = [];
  for (const row of kept) values.push(await Promise.all(columns.map((column) => column.value(row))));
  saveCatalogues([listing]);
  warnOfProblems(context, repository, badLines);
  const remarks = new Set([order, ...columns].map((column) => column.remark?.()));
  for (const remark of remarks) if (remark !== undefined) context.stderr.write(`dbx: ${safe(remark)}\n`);

  if (flag(parsed, "json")) {
    const objects = values.map((line) =>
      Object.fromEntries(columns.map(({ name }, at) => [name, encodeValue(line[at] ?? null)]))
    );
    context.stdout.write(JSON.stringify(objects, null, 2) + "\n");
    return 0;
  }
  if (kept.length === 0) {
    context.stderr.write(
      experiments.length === 0 && only === undefined
        ? "dbx: no experiments yet\n"
        : "dbx: no experiment is like that\n",
    );
    return 0;
  }
  printTable(
    context.stdout,
    columns.map((column) => column.name),
    kept.map((row, at) => columns.map((column, c) => shown(column, values[at][c], row))),
    (at, text) => columns[at].colour?.(text),
  );
  return 0;
}

/** What can be said of definitions alone. */
function onlyOf(parsed: Parsed): ((definition: ExperimentDefinition) => boolean) | undefined {
  const kind = text(parsed, "kind");
  const name = text(parsed, "name");
  if (kind === undefined && name === undefined) return undefined;
  const fits = name === undefined ? () => true : glob(name);
  return (definition) => (kind === undefined || definition.kind === kind) && fits(definition.name);
}

async function filter(rows: readonly Row[], parsed: Parsed): Promise<Row[]> {
  const status = text(parsed, "status");
  const tags = list(parsed, "tag");
  const all = flag(parsed, "all");
  const kept: Row[] = [];
  for (const row of rows) {
    const notes = await row.notes();
    if (!all && notes.deleted) continue;
    if (tags.some((tag) => !notes.tags.includes(tag))) continue;
    if (status !== undefined && (await row.status()).status !== status) continue;
    kept.push(row);
  }
  return kept;
}
