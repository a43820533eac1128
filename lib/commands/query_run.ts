import { UsageError } from "../base/errors.ts";
import { FileCatalogue } from "../index/file_catalogue.ts";
import { query, type QueryValue } from "../query/query.ts";
import { shorthandSql } from "../query/shorthand.ts";
import { openReader } from "../repo/open.ts";
import type { Context, Parsed } from "./command.ts";
import { indexFolder } from "./index_folder.ts";
import { flag, list, text } from "./parse.ts";
import { BadLines, warnOfProblems } from "./problems.ts";
import { type RowFormat, writeRows } from "./rows_print.ts";
import { typed } from "./run/child_params.ts";
import { whole } from "./whole.ts";

/** Answers a query. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const format = flag(parsed, "json") ? "json" : (text(parsed, "format") ?? "table") as RowFormat;
  const sql = sqlOf(parsed);
  if (flag(parsed, "sql")) {
    context.stdout.write(sql + "\n");
    return 0;
  }
  const catalogue = new FileCatalogue(indexFolder(context));
  const repository = await openReader(context.repo, { catalogue });
  const badLines = new BadLines();
  using answer = await query(repository, sql, {
    params: paramsOf(list(parsed, "param")),
    all: flag(parsed, "all"),
    signal: context.signal,
    now: context.now,
    onProblem: badLines.add,
  });
  if (repository.version === 1) catalogue.save();
  warnOfProblems(context, repository, badLines);
  if (flag(parsed, "explain")) {
    context.stdout.write(answer.explain());
    return 0;
  }
  const output = text(parsed, "output");
  if (output === undefined) {
    await writeRows(context.stdout, format, answer);
    return 0;
  }
  using file = Deno.openSync(output.startsWith("/") ? output : `${context.cwd}/${output}`, {
    write: true,
    create: true,
    truncate: true,
  });
  const write = (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  };
  await writeRows({ isTerminal: false, columns: 80, colour: false, write }, format, answer);
  return 0;
}

function sqlOf(parsed: Parsed): string {
  const [sql] = parsed.positionals;
  const short = ["where", "cols", "sort", "limit"].filter((name) => parsed.options[name] !== undefined);
  if (sql !== undefined) {
    if (short.length === 0) return sql;
    throw new UsageError(`Cannot use --${short[0]} with SQL: write it into the query`);
  }
  if (short.length === 0) throw new UsageError("Cannot query: give SQL, or --where, --cols, --sort, --limit");
  return shorthandSql({
    where: text(parsed, "where"),
    cols: text(parsed, "cols")?.split(",").map((column) => column.trim()),
    sort: text(parsed, "sort"),
    limit: whole(parsed, "limit", undefined),
  });
}

function paramsOf(pairs: readonly string[]): Record<string, QueryValue | boolean> {
  return Object.fromEntries(pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`Cannot read "${pair}" as --param: write it as name=value`);
    const value = typed(pair.slice(at + 1));
    const simple = value === null || ["number", "string", "boolean"].includes(typeof value);
    return [pair.slice(0, at).replace(/^[:@$]/, ""), simple ? value as QueryValue : pair.slice(at + 1)];
  }));
}
