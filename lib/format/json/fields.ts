import { DamageError, messageOf, UsageError } from "../../base/errors.ts";
import { isObject, type Json, type JsonObject, setOwn } from "../../base/json.ts";
import { isTooDeep, MAX_DEPTH } from "./depth.ts";
import { parseJson, quoteNonstandardNumbers } from "./nonstandard_numbers.ts";

/** The object that a file of JSON holds, also with bare `NaN` and `Infinity` in it; the caller owns it. */
export function parseObject(text: string, path: string): JsonObject {
  let json: unknown;
  if (isTooDeep(text)) {
    throw new DamageError(`Cannot read "${path}": it is nested deeper than ${MAX_DEPTH}.`, { path });
  }
  try {
    json = parseJson(text);
  } catch (error) {
    json = parseLeniently(text);
    if (json === undefined) {
      throw new DamageError(`Cannot read "${path}": it is not JSON (${messageOf(error).slice(0, 120)}).`, { path });
    }
  }
  if (!isObject(json)) throw new DamageError(`Cannot read "${path}": it is not a JSON object.`, { path });
  return json as JsonObject;
}

/** What Python's `json.dumps` writes. */
function parseLeniently(text: string): unknown {
  const replaced = quoteNonstandardNumbers(text);
  if (replaced === undefined) return undefined;
  try {
    return parseJson(replaced);
  } catch {
    return undefined;
  }
}

/** A field of an object. Undefined if it is absent or null; damage where it is of another type. */
export function field<T extends Json>(
  fields: JsonObject,
  key: string,
  path: string,
  is: (value: Json) => value is T,
  kind: string,
): T | undefined {
  if (!Object.hasOwn(fields, key)) return undefined;
  const value = fields[key];
  if (value === null) return undefined;
  if (is(value)) return value;
  throw new DamageError(`Cannot read "${path}": its "${key}" is not ${kind}.`, { path });
}

/** What an object holds under other keys than some. To take keys out of it would make it slow. */
export function fieldsBeside(fields: JsonObject, keys: readonly string[]): JsonObject {
  const others: JsonObject = {};
  for (const key of Object.keys(fields)) if (!keys.includes(key)) setOwn(others, key, fields[key]);
  return others;
}

/** The `createdAt` of an object, as milliseconds since the Unix epoch. */
export function parseTime(fields: JsonObject, path: string): number {
  const ms = readTime(fields.createdAt);
  if (ms !== undefined) return ms;
  throw new DamageError(`Cannot read "${path}": its "createdAt" is not a time such as "2026-01-31T09:00:00.000Z".`, {
    path,
  });
}

/** The last moment that common clocks can show, in milliseconds since the Unix epoch. */
const LAST_TIME = 8_640_000_000_000_000;

/** The length of a time as dbx writes it: `2026-01-31T09:00:00.000Z`. */
const WRITTEN_LENGTH = 24;

/**
 * A time that is an ISO 8601 text (one without a zone is UTC) or milliseconds, as milliseconds; undefined for others, such as a
 * day that the calendar does not have.
 */
export function readTime(value: Json | undefined): number | undefined {
  if (typeof value === "number") return Math.abs(value) <= LAST_TIME ? Math.floor(value) : undefined;
  if (typeof value !== "string") return undefined;
  // As dbx writes it: what gives the same text again is a day of the calendar.
  const written = value.length === WRITTEN_LENGTH ? new Date(value) : undefined;
  if (written !== undefined && !Number.isNaN(written.getTime()) && written.toISOString() === value) {
    return written.getTime();
  }
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(value);
  if (parts === null) return undefined;
  const day = Date.parse(`${parts[1]}T00:00Z`);
  // The 30th of February would be the 2nd of March.
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(parts[1])) return undefined;
  // The runtime misreads some longer fractions.
  const clock = (parts[2] ?? "00:00").replace(/(\.\d{3})\d+$/, "$1");
  if (clock.startsWith("24") && /\.\d*[1-9]/.test(value)) return undefined;
  const ms = Date.parse(`${parts[1]}T${clock}${parts[3] ?? "Z"}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as definitions hold it: ISO 8601, UTC, milliseconds. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  // The runtime writes others with a sign and six digits, which the format does not allow.
  if (!(date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999)) {
    throw new UsageError(
      `Cannot write the time ${ms}: it must be milliseconds since the Unix epoch, in the years 0 to 9999.`,
    );
  }
  return date.toISOString();
}

export function isText(value: Json): value is string {
  return typeof value === "string";
}

export function isTexts(value: Json): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

export function isJsonObject(value: Json): value is JsonObject {
  return isObject(value);
}

export function isTextObject(value: Json): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((item) => typeof item === "string");
}
