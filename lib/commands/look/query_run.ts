import { UsageError } from "../../base/errors.ts";
import { query, type QueryValue } from "../../query/query.ts";
import { type QueryInput, shorthandSql } from "../../query/list/shorthand.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { FILTER_OPTIONS, filterOf } from "./experiment_filter.ts";
import { outputFile } from "../../cli/output_file.ts";
import { flag, list, text } from "../../cli/parse.ts";
import { saveCatalogues } from "../../cli/repository/listings.ts";
import { BadLines, warnOfLines, warnOfProblems } from "../../cli/repository/problems.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { rowStyle } from "./view/row_format.ts";
import { writeRows } from "./view/rows_print.ts";
import { parseTypedValue } from "../../cli/typed_value.ts";
import { onlyServer, openSources } from "../../cli/repository/sources.ts";
import { countOption } from "../../cli/count_option.ts";

/** Answers a query. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const style = rowStyle(parsed);
  const asked = inputOf(parsed);
  if (flag(parsed, "sql")) {
    if (typeof asked !== "string" && asked.run !== undefined) {
      throw new UsageError("Cannot print SQL for --run: it narrows what is read, not the query");
    }
    const sql = typeof asked === "string" ? asked : shorthandSql(asked, context.now);
    context.stdout.records(sql.split("\n").map((line) => line + "\n"));
    return 0;
  }
  if (flag(parsed, "live")) {
    const { live } = await import("./query_live.ts");
    return await live(context, parsed, asked, paramsOf(list(parsed, "param")), style);
  }
  const badLines = new BadLines();
  const server = await onlyServer(context);
  if (server !== undefined) {
    const how = { all: flag(parsed, "all"), signal: context.signal };
    using answer = await server.query(asked, paramsOf(list(parsed, "param")), how);
    if (flag(parsed, "explain")) {
      context.stdout.ownText(answer.explain());
      return 0;
    }
    using output = outputFile(context, text(parsed, "output"));
    await writeRows(output.out, style, answer.columns, answer.chunks());
    badLines.count = answer.badLines;
    warnOfLines(context, badLines.count);
    return 0;
  }
  const sources = await openSources(context);
  using answer = await query(sources, asked, {
    onProgress: indexProgress(context),
    params: paramsOf(list(parsed, "param")),
    all: flag(parsed, "all"),
    signal: context.signal,
    now: context.now,
    onProblem: badLines.add,
  });
  saveCatalogues(sources);
  for (const { repository } of sources) warnOfProblems(context, repository);
  warnOfLines(context, badLines.count);
  if (flag(parsed, "explain")) {
    context.stdout.ownText(answer.explain());
    return 0;
  }
  using output = outputFile(context, text(parsed, "output"));
  await writeRows(output.out, style, answer.columns, answer.chunks());
  return 0;
}

/** The options of a question without SQL. */
const SHORT = [...FILTER_OPTIONS.map(({ name }) => name), "cols", "sort", "limit"];

function inputOf(parsed: Parsed): QueryInput {
  const [sql] = parsed.positionals;
  const short = SHORT.filter((name) => isSaid(parsed.options[name]));
  if (sql !== undefined) {
    if (short.length === 0) return sql;
    throw new UsageError(`Cannot use --${short[0]} with SQL: write it into the query`);
  }
  if (short.length === 0) {
    throw new UsageError("Cannot query: give SQL, or --where, --cols, --sort, --limit and the like");
  }
  const [cols, sort] = [text(parsed, "cols"), text(parsed, "sort")];
  const limit = countOption(parsed, "limit", undefined);
  return {
    ...filterOf(parsed),
    ...cols !== undefined && { cols: splitColumns(cols) },
    ...sort !== undefined && { sort },
    ...limit !== undefined && { limit },
  };
}

function isSaid(option: unknown): boolean {
  return option !== undefined && !(Array.isArray(option) && option.length === 0);
}

function paramsOf(pairs: readonly string[]): Record<string, QueryValue | boolean> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`Cannot read "${pair}" as --param: write it as name=value`);
    const value = parseTypedValue(pair.slice(at + 1));
    const simple = value === null || ["number", "string", "boolean"].includes(typeof value);
    return [pair.slice(0, at).replace(/^[:@$]/, ""), simple ? value as QueryValue : pair.slice(at + 1)];
  }));
}
