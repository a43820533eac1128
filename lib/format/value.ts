import { UsageError } from "../base/errors.ts";
import type { Json, JsonObject } from "../base/json.ts";

const DEEPEST = 200;

/** What a user logged, as JSON. */
export function encodeValue(value: unknown): Json {
  return encode(value, "data", []) ?? null;
}

function encode(value: unknown, path: string, above: unknown[]): Json | undefined {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isFinite(value)) return value;
      return { _dbx: value !== value ? "nan" : value > 0 ? "inf" : "-inf" };
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    case "undefined":
      return undefined;
    case "function":
    case "symbol":
      throw new UsageError(`Cannot log "${path}": a ${typeof value} is not data; log a number, a text or an object`);
  }
  if (value === null) return null;
  if (above.includes(value)) {
    throw new UsageError(`Cannot log "${path}": it contains itself; log a copy without the cycle`);
  }
  if (above.length > DEEPEST) throw new UsageError(`Cannot log "${path}": nested deeper than ${DEEPEST} levels`);
  above.push(value);
  try {
    return encodeObject(value as object, path, above);
  } finally {
    above.pop();
  }
}

function encodeObject(value: object, path: string, above: unknown[]): Json | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  const toJSON = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJSON === "function") return encode(toJSON.call(value, ""), path, above);
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) {
    return encodeList(value as ArrayLike<unknown>, path, above);
  }
  if (value instanceof Set) return encodeList([...value], path, above);
  const entries = value instanceof Map
    ? [...value].map(([key, item]) => [String(key), item] as const)
    : Object.entries(value);
  const object: JsonObject = {};
  for (const [key, item] of entries) {
    const json = encode(item, `${path}.${key}`, above);
    if (json === undefined) continue;
    if (key === "__proto__") Object.defineProperty(object, key, { value: json, enumerable: true });
    else object[key] = json;
  }
  return object;
}

function encodeList(list: ArrayLike<unknown>, path: string, above: unknown[]): Json[] {
  return Array.from(list, (item, index) => encode(item, `${path}.${index}`, above) ?? null);
}

/** NaN and the infinities back from their JSON; anything else as it is. */
export function decodeValue(json: Json): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(decodeValue);
  const special = specialNumber(json);
  if (special !== undefined) return special;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decodeValue(item)]));
}

/** The number that `{"_dbx":"nan"}`, `"inf"` or `"-inf"` stands for. */
export function specialNumber(json: Json): number | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
  switch (json._dbx) {
    case "nan":
      return NaN;
    case "inf":
      return Infinity;
    case "-inf":
      return -Infinity;
  }
  return undefined;
}
