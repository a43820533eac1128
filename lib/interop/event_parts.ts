import { setOwn } from "../base/json.ts";
import type { ForeignData, ForeignValue } from "./foreign.ts";

/** Milliseconds since the Unix epoch; undefined for what is not a time. A time without a zone is UTC. */
export function timeOfIso(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  // Tools that write in batches write one time many times.
  if (text !== lastText) [lastText, lastTime] = [text, parseIso(text)];
  return lastTime;
}

let lastText = "";
let lastTime: number | undefined;

function parseIso(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, date, clock, fraction = "", zone = "Z"] = match;
  const time = Date.parse(`${date}T${clock}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/** Data with a step in front. A value that is called `step` itself gets another name. */
export function withStep(step: ForeignValue | undefined, data: ForeignData): ForeignData {
  if (step === undefined) return data;
  const all: Record<string, ForeignValue> = { step };
  for (const [key, value] of Object.entries(data)) {
    let free = key;
    while (free === "step" || free !== key && Object.hasOwn(data, free)) free = `_${free}`;
    setOwn(all, free, value);
  }
  return all;
}

/**
 * What a text of JSON must not hold to stand in a line as it is: keys that events have for themselves, or that say what an object is,
 * escapes (which could hide one), words for NaN and infinities, numbers that a double cannot hold, line ends.
 */
const SPECIAL = /"(?:step|event|ts|_dbx|_type)"|\\|NaN|Infinity|(?<![.\d])\d{16}|[eE]\+?\d{3}|[\n\r]/;

/** The body of an event that is a text of JSON and perhaps a step, if the text can be taken as it is; else undefined. */
export function bodyOf(text: string, step: ForeignValue | undefined): string | undefined {
  if (
    SPECIAL.test(text) || !text.startsWith("{") || !text.endsWith("}") || step !== undefined && typeof step !== "number"
  ) {
    return undefined;
  }
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  if (step === undefined) return text;
  return text.length === 2 ? `{"step":${step}}` : `{"step":${step},${text.slice(1)}`;
}
