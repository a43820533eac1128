import { DamageError, messageOf, UsageError } from "../../base/errors.ts";
import { isObject, type Json, type JsonObject, setOwn } from "../../base/json.ts";
import { isTooDeep, MAX_DEPTH } from "../json/depth.ts";
import { checkEventName, quoteEventName } from "./event_name.ts";
import { overflows, parseJson, quoteNonstandardNumbers } from "../json/nonstandard_numbers.ts";
import { isPlainJson } from "../json/plain_json.ts";
import { SPECIAL_KEY } from "../json/special_values.ts";
import { encodeValue } from "../json/value.ts";

export { checkEventName, MAX_EVENT_NAME_LENGTH } from "./event_name.ts";

/** One event as it stands in a log; special values in `data` are not decoded. */
export interface LogEvent {
  event: string;
  /** Integer milliseconds since the Unix epoch; absent in v0 and in lines that other programs wrote without it. */
  ts?: number;
  data: JsonObject;
}

/** Bytes that a line may have. */
export const MAX_LINE_LENGTH = 256 * 1024 * 1024;

/**
 * One line of a log, with its `\n`: `event`, then `ts`, then the data. A user's own keys `event` and `ts` are written
 * as `_event` and `_ts` (with one more `_` while such a key is there too). Data that is not an object, or that is
 * itself a special value such as a file, is written as `{"value": …}`; undefined is not data.
 *
 * @param ts Integer milliseconds since the Unix epoch.
 * @throws {UsageError} For a name that {@linkcode checkEventName} refuses or data that `encodeValue` refuses.
 */
export function encodeEvent(event: string, ts: number, data?: unknown): string {
  if (!Number.isSafeInteger(ts)) {
    throw new UsageError(`Cannot log "${event}": its time is ${ts}, and must be whole milliseconds since 1970.`);
  }
  const body = isPlainJson(data) ? stringify(event, data as JsonObject) : encodeBody(event, data);
  const head = `{"event":` + quoteEventName(event) + `,"ts":` + ts;
  const line = body.length === 2 ? head + "}\n" : head + "," + body.slice(1) + "\n";
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (line.length > MAX_LINE_LENGTH / 3 && new TextEncoder().encode(line).length > MAX_LINE_LENGTH) {
    throw tooLong(event);
  }
  return line;
}

/**
 * The event of a line, with or without its `\n`. Bare `NaN` and `Infinity`, which Python writes, are understood. In v0,
 * `ts` is a key like any other; in v1, a `ts` with a fraction is rounded down, and one that is not a number stays in
 * the data, so that nothing that another program logged is lost.
 *
 * @throws {DamageError} With the reason, if the line is not an event.
 */
export function parseEvent(line: string, version: 0 | 1 = 1): LogEvent {
  if (isTooDeep(line)) throw new DamageError(`nested deeper than ${MAX_DEPTH}`);
  let json: unknown;
  try {
    json = parseJson(line);
  } catch (error) {
    json = parseAgain(line, error);
  }
  if (!isObject(json)) throw new DamageError(`not a JSON object but ${kindOf(json)}`);
  if (typeof json.event !== "string") throw new DamageError("no string `event`");
  if (version === 0 || typeof json.ts !== "number" || !Number.isFinite(json.ts)) {
    const { event, ...data } = json;
    return { event: event as string, data: data as JsonObject };
  }
  const { event, ts, ...data } = json;
  return { event: event as string, ts: Math.floor(ts as number), data: data as JsonObject };
}

/** The first two keys of an object whose first value is a text, as they are written. */
const FIRST_KEYS =
  /^\s*\{\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*(?:,\s*("[^"\\]*(?:\\.[^"\\]*)*"))?/;

/**
 * What a line that {@linkcode parseEvent} reads does otherwise than the format says (a key in the wrong place, a `ts`
 * with a fraction, bare `NaN`, a refused name), or undefined: for checks. Readers do not mind.
 */
export function formatDeviation(line: string, version: 0 | 1 = 1): string | undefined {
  let json: Record<string, unknown>;
  if (isTooDeep(line)) return `nested deeper than ${MAX_DEPTH}`;
  try {
    json = JSON.parse(line);
  } catch {
    return "bare NaN or Infinity, which are not JSON";
  }
  try {
    checkEventName(json.event as string);
  } catch (error) {
    return messageOf(error);
  }
  if (overflows(line)) return "a number is beyond the range of a double, and is taken as infinity";
  // In what is parsed, keys that are whole numbers are the first ones, wherever they stand.
  const [, first, second] = FIRST_KEYS.exec(line) ?? [];
  if (first === undefined || JSON.parse(first) !== "event") return "the first key is not `event`";
  if (version === 0 || json.ts === undefined) return undefined;
  if (second === undefined || JSON.parse(second) !== "ts") return "the second key is not `ts`";
  if (!Number.isSafeInteger(json.ts)) return "`ts` is not an integer";
  return undefined;
}

function encodeBody(event: string, data: unknown): string {
  if (data === undefined) return "{}";
  const json = encodeValue(data);
  // What was a number has become an object here, and what is a file is a value, not a list of data.
  if (!isObject(json) || typeof data !== "object" || typeof json[SPECIAL_KEY] === "string") {
    const body = stringify(event, { value: json });
    if (!isTooDeep(body)) return body;
    throw new UsageError(`Cannot log "${event}": it is nested deeper than ${MAX_DEPTH}, with the "value" around it.`);
  }
  if (!Object.hasOwn(json, "event") && !Object.hasOwn(json, "ts")) return stringify(event, json);
  const renamed: JsonObject = {};
  for (const key of Object.keys(json)) {
    setOwn(renamed, key === "event" || key === "ts" ? freeName(key, json) : key, json[key]);
  }
  return stringify(event, renamed);
}

function freeName(key: string, data: JsonObject): string {
  let name = "_" + key;
  while (Object.hasOwn(data, name)) name = "_" + name;
  return name;
}

function stringify(event: string, json: Json): string {
  try {
    return JSON.stringify(json);
  } catch (error) {
    if (error instanceof RangeError) throw tooLong(event);
    throw error;
  }
}

function tooLong(event: string): UsageError {
  return new UsageError(`Cannot log "${event}": it is longer than 256 MiB; store such data as a file.`);
}

function parseAgain(line: string, error: unknown): unknown {
  const replaced = quoteNonstandardNumbers(line);
  if (replaced !== undefined) {
    try {
      return parseJson(replaced);
    } catch {
      // The first error says it better.
    }
  }
  if (line.trim() === "") throw new DamageError("an empty line");
  throw new DamageError(`not JSON: ${messageOf(error).slice(0, 120)}`);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
