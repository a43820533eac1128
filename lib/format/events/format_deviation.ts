import { messageOf } from "../../base/errors.ts";
import { isTooDeep, MAX_DEPTH } from "../json/depth.ts";
import { overflows } from "../json/nonstandard_numbers.ts";
import { checkEventName } from "./event_name.ts";

/** The first two keys of an object whose first value is a text, as they are written. */
const FIRST_KEYS =
  /^\s*\{\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*:\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*(?:,\s*("[^"\\]*(?:\\.[^"\\]*)*"))?/;

/**
 * What a line that `parseEvent` reads does otherwise than the format says (a key in the wrong place, a `ts`
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
