import type { Json } from "../../base/json.ts";
import { type ExperimentList, listExperiments, type ListRequest } from "../../query/list/list.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import { sourceOf } from "../../query/snapshot/source.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./ls.ts";
import { filterOf } from "./experiment_filter.ts";
import { colourOf, shown } from "./ls/cells.ts";
import { saveCatalogues } from "../../cli/repository/listings.ts";
import { warnOfDamage, warnOfLines } from "../../cli/repository/problems.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { cellsOf } from "../../terminal/values.ts";
import type { Result } from "../../terminal/result.ts";
import { checkFields, isForPeople } from "../../cli/print_options.ts";

/** Experiments that a person sees of a list, unless told otherwise. */
const FEW = 20;

/** Lists experiments. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { cols, sort, all } = parsed.options;
  const isShort = context.stdout.isTerminal && isForPeople(parsed.options);
  const limit = (parsed.options.limit ?? (isShort ? FEW : 0)) || Infinity;
  const request: ListRequest = {
    ...filterOf(parsed),
    cols: cols === undefined ? undefined : splitColumns(cols),
    params: isForPeople(parsed.options) ? 4 : undefined,
    sort,
    limit,
    all,
    counted: isShort && limit !== Infinity,
  };
  if (request.cols !== undefined) checkFields(parsed.options, request.cols, "--cols");
  const found = await listIn(context, request);
  warnOfDamage(context, found.problems);
  warnOfLines(context, found.badLines);
  for (const remark of found.remarks) context.stderr.line(`dbx: ${remark}`);
  const { columns, rows, matching = 0 } = found;
  const cell = cellsOf(context.stdout);
  const more = matching - rows.length;
  return {
    kind: "rows",
    fields: columns,
    chunks: [rows.map((row) => columns.map((_, at) => row[at] ?? null))],
    show: (column, value) => value === null ? "" : shown(column, value as Json, cell),
    colour: colourOf,
    chosenBy: "--cols",
    foot: more > 0 ? `… ${more.toLocaleString("en")} more; -n 0 shows all` : undefined,
    empty: emptyOf(found),
  };
}

function emptyOf({ of, deleted = 0 }: ExperimentList): string {
  if (of > 0) return "no experiment matches";
  if (deleted === 0) return "no experiments yet";
  return `no experiments${deleted === 1 ? ": the only one is deleted" : `: all ${deleted} are deleted`}; --all shows ${
    deleted === 1 ? "it" : "them"
  }`;
}

async function listIn(context: Context, request: ListRequest): Promise<ExperimentList> {
  const { signal } = context;
  const server = await context.server();
  if (server !== undefined) return await server.list(request, { signal });
  const [listing] = await context.listings();
  const options = { now: context.now, signal, onProgress: indexProgress(context) };
  const found = await listExperiments(sourceOf(listing.repository, listing), request, options);
  saveCatalogues([listing]);
  return found;
}
