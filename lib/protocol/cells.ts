import { DamageError } from "../base/errors.ts";
import { isObject, type Json, type JsonObject } from "../base/json.ts";
import { encodeSpecialNumber, specialNumber } from "../format/json/special_values.ts";
import type { QueryInput } from "../query/list/shorthand.ts";
import type { QueryValue } from "../query/result/answer.ts";

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
  throw new DamageError("Cannot read a cell of the answer: it is not a query value");
}

/** What is asked, as the keys of a request: `sql`, or `where`, `cols` and the like. */
export function queryInputToJson(asked: QueryInput): JsonObject {
  if (typeof asked === "string") return { sql: asked };
  const { cols, tags, limit, ...rest } = asked;
  const more = {
    ...cols !== undefined && { cols: cols.join(",") },
    ...tags !== undefined && { tags: [...tags] },
    ...limit !== undefined && limit !== Infinity && { limit },
  };
  return { ...rest, ...more } as JsonObject;
}
