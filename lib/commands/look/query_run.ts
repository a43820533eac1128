import { UsageError } from "../../base/errors.ts";
import { query, type QueryResult, type QueryValue } from "../../query/query.ts";
import { type QueryInput, shorthandSql } from "../../query/list/shorthand.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./query.ts";
import { FILTER_OPTIONS, filterOf } from "./experiment_filter.ts";
import { outputFile } from "../../cli/output_file.ts";
import { endQuestion } from "../../cli/repository/listings.ts";
import { BadLines, warnOfLines } from "../../cli/repository/problems.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { checkFields, printStyle } from "../../cli/print_options.ts";
import type { Result, RowsResult } from "../../terminal/result.ts";
import { parseTypedValue } from "../../cli/typed_value.ts";

/** Answers a query. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result | number> {
  const style = printStyle(parsed.options);
  const asked = inputOf(parsed);
  const params = paramsOf(parsed.options.param);
  if (parsed.options.sql) {
    if (typeof asked !== "string" && asked.run !== undefined) {
      throw new UsageError("Cannot print SQL for --run: it narrows what is read, not the query");
    }
    const sql = typeof asked === "string" ? asked : shorthandSql(asked, context.now);
    context.stdout.records(sql.split("\n").map((line) => line + "\n"));
    return 0;
  }
  if (parsed.options.live) {
    const { live } = await import("./query_live.ts");
    return await live(context, parsed, asked, params, style);
  }
  const { all, explain, output } = parsed.options;
  const chosenBy = typeof asked === "string" ? undefined : "--cols";
  const badLines = new BadLines();
  const server = await context.onlyServer();
  if (server !== undefined) {
    const answer = await server.query(asked, params, { all, signal: context.signal });
    if (explain) return explained(context, answer);
    // How many lines were bad stands at the end of the answer.
    return { ...resultOf(context, answer, output, () => warnOfLines(context, answer.badLines)), chosenBy };
  }
  const sources = await context.sources();
  const answer = await query(sources, asked, {
    onProgress: indexProgress(context),
    params,
    all,
    signal: context.signal,
    now: context.now,
    onProblem: badLines.add,
    onColumns: (names) => explain || checkFields(parsed.options, names, chosenBy),
  });
  endQuestion(context, sources, badLines);
  return explain ? explained(context, answer) : { ...resultOf(context, answer, output), chosenBy };
}

/** Rows that are found while they are printed. */
type Answer = Pick<QueryResult, "columns" | "chunks" | "explain" | typeof Symbol.dispose>;

function resultOf(context: Context, answer: Answer, file: string | undefined, close?: () => void): RowsResult {
  const output = outputFile(context, file);
  return {
    kind: "rows",
    fields: answer.columns,
    chunks: answer.chunks(),
    out: output.out,
    close() {
      output[Symbol.dispose]();
      answer[Symbol.dispose]();
      close?.();
    },
  };
}

function explained(context: Context, answer: Answer): number {
  using _ = answer;
  context.stdout.ownText(answer.explain());
  return 0;
}

/** The options of a question without SQL. */
const SHORT = [...FILTER_OPTIONS.map(({ name }) => name), "cols", "sort", "limit"] as const;

function inputOf(parsed: Parsed<typeof OPTIONS>): QueryInput {
  const [sql] = parsed.positionals;
  const short = SHORT.filter((name) => isSaid(parsed.options[name]));
  if (sql !== undefined) {
    if (short.length === 0) return sql;
    throw new UsageError(`Cannot use --${short[0]} with SQL: write it into the query`);
  }
  if (short.length === 0) {
    throw new UsageError("Cannot query: give SQL, or --where, --cols, --sort, --limit and the like");
  }
  const [cols, sort] = [parsed.options.cols, parsed.options.sort];
  const limit = parsed.options.limit;
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
