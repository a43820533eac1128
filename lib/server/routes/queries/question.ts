import { UsageError } from "../../../base/errors.ts";
import type { Json } from "../../../base/json.ts";
import { cellFromJson } from "../../../protocol/cells.ts";
import type { ExperimentFilter } from "../../../query/list/filter.ts";
import type { QueryInput, Shorthand } from "../../../query/list/shorthand.ts";
import type { QueryValue } from "../../../query/result/answer.ts";
import { splitColumns } from "../../../query/schema/column_aliases.ts";
import { jsonOf } from "../../api/body.ts";
import { flagOf } from "../../http/query_string.ts";
import type { Call } from "../call.ts";

/** A query as a request says it, by its URL or its body. */
export interface AskedQuery {
  readonly asked: QueryInput;
  readonly params: Record<string, QueryValue | boolean>;
  readonly all: boolean;
}

/** Reads a query out of a request: `sql`, or `where`, `kind`, `cols`, `sort` and so on over experiments. */
export async function queryOf(call: Call): Promise<AskedQuery & { readonly more: Record<string, unknown> }> {
  const { contract, url } = call;
  const isInBody = contract.body !== undefined;
  const json: Record<string, unknown> = isInBody ? await jsonOf(call) : {};
  const params: Record<string, QueryValue | boolean> = {};
  for (const [name, value] of url.searchParams) {
    if (name.startsWith("param.")) params[name.slice(6)] = typed(value);
    else json[name] ??= value;
  }
  for (const [name, value] of Object.entries(json.params ?? {})) {
    params[name] = typeof value === "boolean" ? value : cellFromJson(value as Json);
  }
  const text = (key: string) => json[key] === undefined ? undefined : String(json[key]);
  const values = Array.isArray(json.values) ? json.values.map(String) : undefined;
  const short: Shorthand = {
    ...filterOf(text, isInBody ? tagsOf(json.tags ?? json.tag) : url.searchParams.getAll("tag")),
    cols: values !== undefined && json.cols === "" ? [] : columnsIn(text("cols")),
    values,
    sort: text("sort"),
    limit: json.limit === undefined ? undefined : Number(json.limit),
  };
  const sql = text("sql");
  if (sql !== undefined && Object.values(short).some((value) => value !== undefined)) {
    throw new UsageError("Cannot query: give either sql, or where, kind, cols, sort and the like");
  }
  const all = json.all === true || flagOf(url.searchParams, "all");
  return { asked: sql ?? short, params, all, more: json };
}

/** The conditions on experiments that a request says; those it does not say are not there. */
export function filterOf(text: (key: string) => string | undefined, tags: readonly string[]): ExperimentFilter {
  const given = {
    where: text("where"),
    kind: text("kind"),
    name: text("name"),
    since: text("since"),
    run: text("run"),
    status: text("status"),
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...tags.length > 0 && { tags },
  };
}

/** Names of columns out of a list with commas. */
export function columnsIn(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : splitColumns(text);
}

function tagsOf(json: unknown): string[] {
  if (json === undefined) return [];
  return Array.isArray(json) ? json.map(String) : [String(json)];
}

function typed(text: string): QueryValue | boolean {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
