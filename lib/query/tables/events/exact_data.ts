import { quoteNonstandardNumbers } from "../../../format/json/nonstandard_numbers.ts";
import type { LogEvent } from "../../../format/events/event.ts";
import { type ExactJson, getPath, mayBeInexact, parseExact } from "../../values/json_values.ts";

/**
 * The data of an event, with integers as they were written.
 *
 * @param text The line.
 * @param path What will be looked at of it.
 */
export function exactData(text: string, event: LogEvent, path: readonly string[] = []): ExactJson {
  if (!mayBeInexact(getPath(event.data, path))) return event.data;
  const json = parseExact(quoteNonstandardNumbers(text) ?? text) as Record<string, ExactJson>;
  delete json.event;
  // An invalid time stays in the data.
  if (event.ts !== undefined) delete json.ts;
  return json;
}
