import { isUrl } from "../../base/server_url.ts";
import { encodeValue } from "../../format/json/value.ts";
import { type ExperimentList, listExperiments, type ListRequest } from "../../query/list/list.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import { sourceOf } from "../../query/snapshot/source.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { filterOf } from "./experiment_filter.ts";
import { colourOf, shown } from "./view/list_view.ts";
import { openListings, saveCatalogues } from "../../cli/repository/listings.ts";
import { flag, text } from "../../cli/parse.ts";
import { warnOfDamage, warnOfLines } from "../../cli/repository/problems.ts";
import { indexProgress } from "../../cli/index_progress.ts";
import { openServer } from "../../cli/repository/repository.ts";
import { printTable } from "../../terminal/table.ts";
import { countOption } from "../../cli/count_option.ts";

/** Lists experiments. */
export async function run(context: Context, parsed: Parsed): Promise<number> {
  const cols = text(parsed, "cols");
  const request: ListRequest = {
    ...filterOf(parsed),
    cols: cols === undefined ? undefined : splitColumns(cols),
    params: flag(parsed, "json") ? undefined : 4,
    sort: text(parsed, "sort"),
    limit: countOption(parsed, "limit", Infinity),
    all: flag(parsed, "all"),
  };
  const found = await listIn(context, request);
  warnOfDamage(context, found.problems);
  warnOfLines(context, found.badLines);
  for (const remark of found.remarks) context.stderr.line(`dbx: ${remark}`);

  const { columns, rows } = found;
  if (flag(parsed, "json")) {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map((name, at) => [name, encodeValue(row[at] ?? null)]))
    );
    context.stdout.json(objects, 2);
    return 0;
  }
  if (rows.length === 0) {
    const isEmpty = found.of === 0;
    context.stderr.line(isEmpty ? "dbx: no experiments yet" : "dbx: no experiment matches");
    return 0;
  }
  printTable(
    context.stdout,
    columns,
    rows.map((row) => columns.map((name, at) => shown(name, row[at]))),
    (at, text) => colourOf(columns[at], text),
  );
  return 0;
}

async function listIn(context: Context, request: ListRequest): Promise<ExperimentList> {
  const { signal } = context;
  if (isUrl(context.repo)) return await (await openServer(context, context.repo)).list(request, { signal });
  const [listing] = await openListings(context);
  const options = { now: context.now, signal, onProgress: indexProgress(context) };
  const found = await listExperiments(sourceOf(listing.repository, listing), request, options);
  saveCatalogues([listing]);
  return found;
}
