import { AmbiguousError, DamageError, DbxError, messageOf, NotFoundError, UsageError } from "../base/errors.ts";
import { isObject } from "../base/json.ts";
import { QueryError } from "../query/result/query_error.ts";

/** An error as JSON: the key `error` for people, `kind` for programs. */
export interface ErrorJson {
  readonly error: string;
  readonly kind?: "query" | "usage" | "not-found" | "ambiguous" | "damage" | "limit" | "refused";
  /** Characters from the start of `query`, which is the text that was written: the SQL, a condition, a name of a column. */
  readonly position?: number;
  readonly query?: string;
}

/** The query took more than it may: time, rows, bytes or memory. */
export class LimitError extends DbxError {
  override name = "LimitError";
}

/** What may be reported of an error; undefined for one that was not thrown on purpose. */
export function errorToJson(error: unknown): ErrorJson | undefined {
  if (error instanceof QueryError) {
    const { plainMessage, position, sql } = error;
    return { error: plainMessage, kind: "query", ...position !== undefined && { position, query: sql } };
  }
  const base = { error: messageOf(error) };
  if (error instanceof LimitError) return { ...base, kind: "limit" };
  if (error instanceof UsageError) return { ...base, kind: "usage" };
  if (error instanceof NotFoundError) return { ...base, kind: "not-found" };
  if (error instanceof AmbiguousError) return { ...base, kind: "ambiguous" };
  if (error instanceof DamageError) return { ...base, kind: "damage" };
  if (error instanceof DbxError) return { ...base, kind: "refused" };
}

/** The error that {@linkcode errorToJson} wrote; anything is taken, and made the plainest one. */
export function errorFromJson(json: unknown, otherwise: string): DbxError {
  const { error, kind, position, query } = isObject(json) ? json : {};
  const message = typeof error === "string" ? error.slice(0, 10_000) : otherwise;
  switch (kind) {
    case "query": {
      const isPlace = typeof query === "string" && typeof position === "number" && position >= 0;
      return isPlace ? new QueryError(message, query, Math.min(position, query.length)) : new QueryError(message, "");
    }
    case "usage":
      return new UsageError(message);
    case "not-found":
      return new NotFoundError(message);
    case "ambiguous":
      return new AmbiguousError(message, []);
    case "damage":
      return new DamageError(message);
    case "limit":
      return new LimitError(message);
  }
  return new DbxError(message);
}
