import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { tableOf, TABLES } from "../../query/schema/tables.ts";
import type { TableSpec } from "../../query/schema/table_spec.ts";
import { type DescribedSchema, describeSchema } from "../../query/describe_schema.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./schema.ts";
import { BadLines } from "../../cli/repository/problems.ts";
import { endQuestion } from "../../cli/repository/listings.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import type { Output } from "../../terminal/output.ts";
import { recordResult, type Result } from "../../terminal/result.ts";
import { wrap } from "../../cli/launch/wrap.ts";
import { printTable, width } from "../../terminal/table.ts";

/** Lists what can be asked for. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const chosen = name === undefined ? TABLES : [tableOf(name)].filter((table) => table !== undefined);
  if (chosen.length === 0) {
    const hint = didYouMean(name, TABLES.map((table) => table.name));
    throw new UsageError(`Cannot describe the table "${name}": there is no such table${hint}`);
  }
  const { tables, keys } = await described(context, chosen);
  const shown = tables.map(({ families: _families, ...table }) => table);
  return recordResult({ tables: shown, keys }, { text: (out) => print(out, { tables, keys }) });
}

function print(out: Output, { tables, keys }: DescribedSchema): void {
  for (const { name, help, columns, hidden, families, dotted } of tables) {
    out.line(`${name}: ${help}`);
    const rows = columns.map(({ name, type, help }) => [`  ${name}`, type, help]);
    const lines = families.flatMap((family) => {
      const parts = dotted.filter(({ name }) => name.startsWith(`${family}.`));
      const shown = parts.slice(0, MAX_PARTS).map(({ name, count }) => [`  ${name}`, "", `in ${count} of them`]);
      const more = parts.length > MAX_PARTS ? `${parts.length - MAX_PARTS} more` : `the parts of ${family}`;
      return [...shown, [`  ${family}.<path>`, "", more]];
    });
    const left = hidden.map(({ name, type, help }) => [`  ${name}`, type, `${help} (not in *)`]);
    printTable(out, ["  column", "type", ""], wrapped(out, [...rows, ...left, ...lines]));
    out.line("");
  }
  if (keys.length > 0) {
    out.line("keys of series");
    printTable(
      out,
      ["  key", "series", "points"],
      keys.map(({ key, series, points }) => [key, series, points].map((it) => `  ${`${it}`}`)),
    );
  }
}

/** Rows whose last text goes on in further rows where a terminal is too narrow for it. */
function wrapped(out: Output, rows: readonly string[][]): readonly string[][] {
  if (!out.isTerminal) return rows;
  const widest = (at: number) => Math.max(...rows.map((row) => width(row[at])));
  const room = Math.max(MIN_TEXT, out.columns - widest(0) - widest(1) - 4);
  return rows.flatMap(([name, type, text]) =>
    wrap(text, room).split("\n").map((line, at) => at === 0 ? [name, type, line] : ["", "", line])
  );
}

/** Texts narrower than this are hard to read. */
const MIN_TEXT = 20;

/** More parts of a family are counted, but not shown. */
const MAX_PARTS = 40;

/** Asks the server, or the repositories in folders. */
async function described(context: Context, chosen: readonly TableSpec[]): Promise<DescribedSchema> {
  const server = await context.onlyServer();
  if (server !== undefined) {
    const all = await server.schema(context.signal);
    const tables = all.tables.filter(({ name }) => chosen.some((table) => table.name === name));
    const hasKeys = chosen.some(({ name }) => ["points", "metrics"].includes(name));
    return { tables, keys: hasKeys ? all.keys : [] };
  }
  const sources = await context.sources();
  const badLines = new BadLines();
  const schema = await describeSchema(sources, {
    tables: chosen,
    onProgress: indexProgress(context),
    signal: context.signal,
    now: context.now,
    onProblem: badLines.add,
  });
  endQuestion(context, sources, badLines);
  return schema;
}
