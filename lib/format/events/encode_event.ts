import { UsageError } from "../../base/errors.ts";
import { isObject, type Json, type JsonObject, setOwn } from "../../base/json.ts";
import { isTooDeep, MAX_DEPTH } from "../json/depth.ts";
import { isPlainJson } from "../json/plain_json.ts";
import { SPECIAL_KEY } from "../json/special_values.ts";
import { encodeValue } from "../json/value.ts";
import { MAX_LINE_LENGTH } from "./event.ts";
import { quoteEventName } from "./event_name.ts";

/**
 * One line of a log, with its `\n`: `event`, then `ts`, then the data. A user's own keys `event` and `ts` are written
 * as `_event` and `_ts` (with one more `_` while such a key is there too). Data that is not an object, or that is
 * itself a special value such as a file, is written as `{"value": …}`; undefined is not data.
 *
 * @param ts Integer milliseconds since the Unix epoch.
 * @throws {UsageError} For a name that `checkEventName` refuses or data that `encodeValue` refuses.
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
