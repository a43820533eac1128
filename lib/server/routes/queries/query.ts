import { UsageError } from "../../../base/errors.ts";
import type { RowsFormat } from "../../../base/rows/rows_text.ts";
import { LIMITS, query as parameter, yes } from "../../api/parts.ts";
import { oneOf } from "../../api/schema.ts";
import { countOf, flagOf } from "../../http/query_string.ts";
import type { AskLimits } from "../../pool/messages.ts";
import type { Call, Endpoint } from "../call.ts";
import { askPool } from "./ask_pool.ts";
import { queryOf } from "./question.ts";
import { ASKED, FORMAT, FORMATS, question, ROWS, SAFE } from "./question_parts.ts";

/** What a query is written as in answers. */
const TYPES: Readonly<Record<RowsFormat | "rows", string>> = {
  json: "application/json",
  jsonl: "application/jsonl",
  rows: "application/jsonl",
  csv: "text/csv; charset=utf-8",
  tsv: "text/tab-separated-values; charset=utf-8",
  markdown: "text/markdown; charset=utf-8",
};

/** `GET /api/v1/query` */
export const query: Endpoint<Call> = {
  parameters: [
    ...ASKED,
    FORMAT,
    SAFE,
    yes("explain", "return how the query runs instead of its rows"),
    parameter("as", "the name of the repository in error messages"),
    ...LIMITS,
  ],
  answers: { 200: ROWS },
  errors: [404, 409, 422],
  handle: answerQuery,
};

/** `POST /api/v1/query` */
export const queryByBody: Endpoint<Call> = {
  parameters: LIMITS,
  body: question(
    { format: oneOf(FORMATS), safe: { type: "boolean" }, explain: { type: "boolean" } },
    "`sql` and `params`; or `where`, `tags` and so on",
  ),
  answers: { 200: ROWS },
  errors: [404, 409, 422],
  handle: answerQuery,
};

/** Answers the query that a request says by its query string or its body. */
export async function answerQuery(call: Call): Promise<Response> {
  const { asked, params, all, more } = await queryOf(call);
  const { searchParams: search } = call.url;
  const explain = more.explain === true || flagOf(search, "explain");
  const safe = more.safe === true || flagOf(search, "safe");
  const format = String(more.format ?? "json") as keyof typeof TYPES;
  if (safe && format !== "csv" && format !== "tsv") {
    throw new UsageError(`Cannot use safe with the format ${format}: it is for csv and tsv`);
  }
  return await askPool(call, { type: "query", asked, params, all, explain, format, safe }, {
    as: more.as === undefined ? undefined : String(more.as),
    type: explain ? "text/plain; charset=utf-8" : TYPES[format],
    limits: limitsOf(search),
  });
}

function limitsOf(search: URLSearchParams): Partial<AskLimits> {
  const [ms, rows, bytes] = ["max_ms", "max_rows", "max_bytes"].map((name) => countOf(search, name));
  return {
    ...(ms !== undefined && { ms }),
    ...(rows !== undefined && { rows }),
    ...(bytes !== undefined && { bytes }),
  };
}
