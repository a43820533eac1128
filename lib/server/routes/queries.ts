import { UsageError } from "../../base/errors.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import type { CurveAggregate, CurveSelector } from "../../query/curves/curve.ts";
import type { RowsFormat } from "../../base/rows/rows_text.ts";
import type { ExperimentFilter } from "../../query/list/filter.ts";
import type { QueryInput, Shorthand } from "../../query/list/shorthand.ts";
import type { ListRequest } from "../../query/list/list.ts";
import { splitColumns } from "../../query/schema/column_aliases.ts";
import { cellFromJson } from "../../protocol/cells.ts";
import type { Json } from "../../base/json.ts";
import type { AskLimits } from "../pool/messages.ts";
import { jsonOf } from "../api/body.ts";
import { streamAnswer } from "../http/responses.ts";
import { withReadTimeout } from "../http/read_timeout.ts";
import type { QueryPool } from "../pool/query_pool.ts";
import { countOf, flagOf } from "../http/request_body.ts";
import type { RequestContext } from "../listen/types.ts";
import type { ServedRepository } from "../repository/served_repository.ts";

/** What a query is written as in answers. */
const TYPES: Readonly<Record<RowsFormat | "rows", string>> = {
  json: "application/json",
  jsonl: "application/jsonl",
  rows: "application/jsonl",
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  markdown: "text/markdown; charset=utf-8",
};

/** A query as a request says it, by its URL or its body. */
export interface AskedQuery {
  readonly asked: QueryInput;
  readonly params: Record<string, QueryValue | boolean>;
  readonly all: boolean;
}

/**
 * Reads a query out of a request: `sql`, or `where`, `kind`, `cols`, `sort` and so on over experiments. `name`: the operation
 * whose body it is, where there is one.
 */
export async function queryOf(
  { request, url }: RequestContext,
  name: "query_by_body" | "live_by_body",
): Promise<AskedQuery & { readonly more: Record<string, unknown> }> {
  const json: Record<string, unknown> = request.method === "POST" ? await jsonOf(name, request) : {};
  const params: Record<string, QueryValue | boolean> = {};
  for (const [name, value] of url.searchParams) {
    if (name.startsWith("param.")) params[name.slice(6)] = typed(value);
    else json[name] ??= value;
  }
  for (const [name, value] of Object.entries(json.params ?? {})) {
    params[name] = typeof value === "boolean" ? value : cellFromJson(value as Json);
  }
  const text = (key: string) => json[key] === undefined ? undefined : String(json[key]);
  const short: Shorthand = {
    ...filterOf(text, request.method === "POST" ? tagsOf(json.tags ?? json.tag) : url.searchParams.getAll("tag")),
    cols: columnsIn(text("cols")),
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

/** `GET` or `POST /query`. */
export async function answerQuery(
  pool: QueryPool,
  served: readonly ServedRepository[],
  request: RequestContext,
): Promise<Response> {
  const { asked, params, all, more } = await queryOf(request, "query_by_body");
  const search = request.url.searchParams;
  const explain = more.explain === true || flagOf(search, "explain");
  const safe = more.safe === true || flagOf(search, "safe");
  const format = String(more.format ?? "json") as keyof typeof TYPES;
  if (safe && format !== "csv" && format !== "tsv") {
    throw new UsageError(`Cannot use safe with the format ${format}: it is for csv and tsv`);
  }
  const question = { type: "query", asked, params, all, explain, format, safe } as const;
  const names = more.as === undefined ? undefined : String(more.as);
  const of = served.map(({ at, name }) => ({ at, name: names ?? name }));
  const stream = await pool.ask(of, question, { client: request.address, limits: limitsOf(search) });
  return streamAnswer(request.request, withReadTimeout(stream), explain ? "text/plain; charset=utf-8" : TYPES[format]);
}

/** The conditions on experiments that a request says; those it does not say are not there. */
function filterOf(text: (key: string) => string | undefined, tags: readonly string[]): ExperimentFilter {
  const said = {
    where: text("where"),
    kind: text("kind"),
    name: text("name"),
    since: text("since"),
    run: text("run"),
    status: text("status"),
  };
  return {
    ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
    ...tags.length > 0 && { tags },
  };
}

function columnsIn(text: string | undefined): string[] | undefined {
  return text === undefined ? undefined : splitColumns(text);
}

function tagsOf(json: unknown): string[] {
  if (json === undefined) return [];
  return Array.isArray(json) ? json.map(String) : [String(json)];
}

function limitsOf(search: URLSearchParams): Partial<AskLimits> {
  const [ms, rows, bytes] = ["max_ms", "max_rows", "max_bytes"].map((name) => countOf(search, name));
  return {
    ...(ms !== undefined && { ms }),
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
  };
}

/** `GET /series`: curves. */
export async function answerSeries(
  pool: QueryPool,
  served: ServedRepository,
  { request, url, address }: RequestContext,
): Promise<Response> {
  const search = url.searchParams;
  const text = (key: string) => search.get(key) ?? undefined;
  const aggregates = text("agg")?.split(",");
  const smooth = text("smooth");
  const selector: CurveSelector = {
    ...filterOf(text, search.getAll("tag")),
    series: search.get("series")!,
    x: text("x"),
    smooth: smooth === undefined ? undefined : Number(smooth),
    groupBy: columnsIn(text("group_by")),
    aggregates: aggregates as CurveAggregate[] | undefined,
    points: countOf(search, "points"),
  };
  const question = { type: "series", selector, all: flagOf(search, "all") } as const;
  const stream = await pool.ask([{ at: served.at, name: served.name }], question, { client: address });
  return streamAnswer(request, withReadTimeout(stream), "application/json");
}

/** `GET /list`: experiments as `dbx ls` lists them. */
export async function answerList(
  pool: QueryPool,
  served: ServedRepository,
  { request, url, address }: RequestContext,
): Promise<Response> {
  const search = url.searchParams;
  const text = (key: string) => search.get(key) ?? undefined;
  const question: ListRequest = {
    ...filterOf(text, search.getAll("tag")),
    cols: columnsIn(text("cols")),
    params: countOf(search, "params"),
    sort: text("sort"),
    limit: countOf(search, "limit"),
    all: flagOf(search, "all"),
  };
  const of = [{ at: served.at, name: served.name }];
  const stream = await pool.ask(of, { type: "list", request: question }, { client: address });
  return streamAnswer(request, withReadTimeout(stream), "application/json");
}

/** `GET /schema`: what can be asked. */
export async function answerSchema(
  pool: QueryPool,
  served: ServedRepository,
  { request, address }: RequestContext,
): Promise<Response> {
  const stream = await pool.ask([{ at: served.at, name: served.name }], { type: "schema" }, { client: address });
  return streamAnswer(request, withReadTimeout(stream), "application/json");
}

function typed(text: string): QueryValue | boolean {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
