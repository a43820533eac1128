import { messageOf } from "../../base/errors.ts";
import { QueryError } from "../result/query_error.ts";

/** What SQLite says is wrong, as an error of the query; other errors as they are. */
export function toQueryError(error: unknown, query: string): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  return new QueryError(`Cannot run the query: ${messageOf(error)}`, query);
}
