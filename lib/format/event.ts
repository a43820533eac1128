import { DamageError, messageOf, UsageError } from "../base/errors.ts";
import { isObject, type JsonObject } from "../base/json.ts";
import { encodeValue } from "./value.ts";

/** An event as it stands in a log: special values are still JSON. */
export interface LogEvent {
  event: string;
  /** Milliseconds since the Unix epoch; version 0 has none. */
  ts?: number;
  data: JsonObject;
}

/** The longest event name, in UTF-16 units. */
export const LONGEST_EVENT_NAME = 1024;

/** Throws `UsageError` unless a text can name an event. */
export function checkEventName(name: string): void {
  if (typeof name !== "string" || name === "") throw new UsageError("Cannot log an event: its name is empty");
  if (name.length > LONGEST_EVENT_NAME) {
    throw new UsageError(`Cannot log "${name.slice(0, 40)}…": a name has at most ${LONGEST_EVENT_NAME} characters`);
  }
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(name)) {
    throw new UsageError(`Cannot log ${JSON.stringify(name)}: control characters in the name`);
  }
}

const heads = new Map<string, string>();

/** The start of a line, `{"event":"…","ts":`; kept, since training repeats its names. */
function headOf(event: string): string {
  let head = heads.get(event);
  if (head === undefined) {
    checkEventName(event);
    if (heads.size >= 1000) heads.clear();
    head = `{"event":${JSON.stringify(event)},"ts":`;
    heads.set(event, head);
  }
  return head;
}

/**
 * One line of a log, ended by `\n`. Data that is no object is written as `{"value": …}`; its keys `event` and `ts`,
 * which the line needs itself, are written as `_event` and `_ts`. Throws `UsageError` on what cannot be data.
 */
export function encodeEvent(event: string, ts: number, data?: unknown): string {
  const head = headOf(event) + ts;
  const body = isPlain(data) ? JSON.stringify(data) : JSON.stringify(toBody(data));
  return body === "{}" ? head + "}\n" : head + "," + body.slice(1) + "\n";
}

/** Whether `JSON.stringify` alone is right: a flat object of texts, booleans and finite numbers. */
function isPlain(data: unknown): data is object {
  if (typeof data !== "object" || data === null || Object.getPrototypeOf(data) !== Object.prototype) return false;
  for (const key in data) {
    const value = (data as Record<string, unknown>)[key];
    if (typeof value === "number") {
      if (value - value !== 0) return false; // NaN or infinite
    } else if (typeof value !== "string" && typeof value !== "boolean") return false;
    if (key === "event" || key === "ts" || key === "toJSON") return false;
  }
  return true;
}

function toBody(data: unknown): JsonObject {
  if (data === undefined) return {};
  const json = encodeValue(data);
  if (!isObject(json) || typeof json._dbx === "string") return { value: json };
  if (!Object.hasOwn(json, "event") && !Object.hasOwn(json, "ts")) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key === "event" || key === "ts" ? "_" + key : key, item]),
  );
}

/** The event of a line without its `\n`. Throws `DamageError` with the reason. */
export function parseEvent(line: string): LogEvent {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    throw new DamageError(`not JSON: ${messageOf(error)}`);
  }
  if (!isObject(json)) throw new DamageError("not a JSON object");
  const { event, ts, ...data } = json as JsonObject;
  if (typeof event !== "string") throw new DamageError("no string `event`");
  if (ts === undefined) return { event, data };
  if (typeof ts !== "number") throw new DamageError("`ts` is not a number of milliseconds");
  return { event, ts, data };
}
