import { isObject, setOwn } from "../../base/json.ts";
import type { ForeignData, ForeignValue } from "../foreign.ts";
import { described, float, parseForeignObject } from "../values.ts";

/** Numbers that Trackio writes as texts. Its own reader takes these texts for numbers too. */
const NUMBERS: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** The object of a text of Trackio's JSON; undefined where it is not one. */
export function parseTrackioObject(text: string | undefined): ForeignData | undefined {
  const value = text === undefined ? undefined : parseForeignObject(text);
  return value === undefined ? undefined : withNumbers(value, 0) as ForeignData;
}

/** The same of a value that is parsed. */
export function withNumbers(value: ForeignValue, depth: number): ForeignValue {
  if (typeof value === "string") return Object.hasOwn(NUMBERS, value) ? float(NUMBERS[value]) : value;
  if (depth > 400) return value;
  if (Array.isArray(value)) return value.map((item) => withNumbers(item, depth + 1));
  if (!isObject(value) || (JSON as unknown as Raw).isRawJSON(value)) return value;
  const object: Record<string, ForeignValue> = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, withNumbers(item as ForeignValue, depth + 1));
  // An image, a table or a histogram is one value: its numbers do not become series.
  return typeof object._type === "string" && object._type.startsWith("trackio.")
    ? described(object._type, object)
    : object;
}

/** What the types of the library lack. */
interface Raw {
  isRawJSON(value: unknown): boolean;
}
