import { isObject, type JsonObject, setOwn } from "../../base/json.ts";
import { MAX_LINE_LENGTH } from "../../format/events/event.ts";
import { quoteEventName } from "../../format/events/event_name.ts";
import { isTooDeep } from "../../format/json/depth.ts";
import { SPECIAL_KEY } from "../../format/json/special_values.ts";
import type { EventRecord, ForeignData } from "../foreign.ts";
import { eventName } from "./names.ts";

/** The four names before, as they were given and as they are written. */
const given: string[] = ["", "", "", ""];
const written: string[] = ["", "", "", ""];
let next = 0;

/** The line of a log that an event becomes. `files`: what stands in the data for files. Throws `RangeError` where no line can hold it. */
export function lineOf({ name, ts, data, body }: EventRecord, files?: JsonObject): string {
  const text = body ?? textOf(files === undefined ? data : { ...data, ...files });
  const time = ts === undefined || !Number.isFinite(ts) ? "" : `,"ts":${Math.floor(ts)}`;
  const head = `{"event":${nameOf(name)}${time}`;
  const line = text.length === 2 ? `${head}}\n` : `${head},${text.slice(1)}\n`;
  if (line.length > MAX_LINE_LENGTH / 3 || isTooDeep(line)) {
    throw new RangeError("an event is too large, or nested too deep, for a line");
  }
  return line;
}

function nameOf(name: string): string {
  for (let at = 0; at < 4; at++) if (name === given[at] && name !== "") return written[at];
  next = (next + 1) & 3;
  given[next] = name;
  return written[next] = quoteEventName(eventName(name));
}

/** The data without what events keep for themselves. */
function textOf(data: ForeignData | undefined): string {
  if (data === undefined) return "{}";
  if (!isObject(data) || typeof data[SPECIAL_KEY] === "string") return JSON.stringify({ value: data });
  if (!Object.hasOwn(data, "event") && !Object.hasOwn(data, "ts")) return JSON.stringify(data);
  const renamed: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    let free = key;
    if (key === "event" || key === "ts") { do free = "_" + free; while (Object.hasOwn(data, free)); }
    setOwn(renamed, free, value);
  }
  return JSON.stringify(renamed);
}
