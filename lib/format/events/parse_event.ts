import { DamageError, messageOf } from "../../base/errors.ts";
import { isObject, type JsonObject } from "../../base/json.ts";
import { isTooDeep, MAX_DEPTH } from "../json/depth.ts";
import { parseJson, quoteNonstandardNumbers } from "../json/nonstandard_numbers.ts";
import type { LogEvent } from "./event.ts";

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
