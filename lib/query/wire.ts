import { AmbiguousError, DamageError, DbxError, messageOf, NotFoundError, UsageError } from "../base/errors.ts";
import { isObject, type Json } from "../base/json.ts";
import { encodeSpecialNumber, specialNumber } from "../format/specials.ts";
import type { QueryValue } from "./result/answer.ts";
import { QueryError } from "./result/query_error.ts";

/**
 * A cell as JSON, exactly: NaN and the infinities as in logs, whole numbers that a double does not hold as
 * `{"_dbx":"int","text":"…"}`, bytes as `{"_dbx":"bytes","hex":"…"}`.
 */
export function cellToJson(value: QueryValue): Json {
  if (typeof value === "bigint") return { _dbx: "int", text: String(value) };
  if (typeof value === "number") return Number.isFinite(value) ? value : encodeSpecialNumber(value);
  if (value instanceof Uint8Array) return { _dbx: "bytes", hex: value.toHex() };
  return value;
}

/** The cell that {@linkcode cellToJson} wrote. Throws `DamageError` for anything else. */
export function cellFromJson(json: Json): QueryValue {
  if (json === null || typeof json === "string" || typeof json === "number") return json;
  const number = specialNumber(json);
  if (number !== undefined) return number;
  if (isObject(json) && json._dbx === "int" && /^-?\d{1,40}$/.test(String(json.text))) return BigInt(String(json.text));
  if (isObject(json) && json._dbx === "bytes" && typeof json.hex === "string" && /^([0-9a-f]{2})*$/.test(json.hex)) {
    return Uint8Array.fromHex(json.hex);
  }
  throw new DamageError("Cannot read a cell of the answer: it is no value of a query");
}

/** An error as JSON: the key `error` for people, `kind` for programs. */
export interface ErrorJson {
  readonly error: string;
  readonly kind?: "query" | "usage" | "not-found" | "ambiguous" | "damage" | "limit" | "refused";
  /** Characters from the start of a query. */
  readonly position?: number;
}

/** The query took more than it may: time, rows, bytes or memory. */
export class LimitError extends DbxError {
  override name = "LimitError";
}

/** What may be told of an error; undefined for one that was not thrown on purpose. */
export function errorToJson(error: unknown): ErrorJson | undefined {
  const said = { error: messageOf(error) };
  if (error instanceof LimitError) return { ...said, kind: "limit" };
  if (error instanceof QueryError) return { ...said, kind: "query", position: error.position };
  if (error instanceof UsageError) return { ...said, kind: "usage" };
  if (error instanceof NotFoundError) return { ...said, kind: "not-found" };
  if (error instanceof AmbiguousError) return { ...said, kind: "ambiguous" };
  if (error instanceof DamageError) return { ...said, kind: "damage" };
  if (error instanceof DbxError) return { ...said, kind: "refused" };
}

/** The error that {@linkcode errorToJson} wrote; anything is taken, and made the plainest one. */
export function errorFromJson(json: unknown, otherwise: string): DbxError {
  const { error, kind } = isObject(json) ? json : {};
  const message = typeof error === "string" ? error.slice(0, 10_000) : otherwise;
  switch (kind) {
    case "query":
      return new QueryError(message, "");
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
