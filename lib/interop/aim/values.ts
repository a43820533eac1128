import { isObject, setOwn } from "../../base/json.ts";
import type { ForeignData, ForeignValue } from "../foreign.ts";
import { float } from "../values.ts";

const FLOATS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** A value with the numbers that JSON lacks, which the program in Python writes as objects. */
export function numbersOf(value: ForeignValue): ForeignValue {
  if (Array.isArray(value)) return value.map(numbersOf);
  if (!isObject(value) || "rawJSON" in value) return value;
  if (typeof value.$float === "string") return float(FLOATS[value.$float] ?? NaN);
  const object: Record<string, ForeignValue> = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, numbersOf(item as ForeignValue));
  return object;
}

/** A metric with what tells it from others of its name: `train/loss` for the subset train, else `loss (fold=2)`. */
export function seriesName(name: string, context: ForeignData): string {
  const entries = Object.entries(context).sort(([a], [b]) => a < b ? -1 : 1);
  if (entries.length === 0) return name;
  const [[key, value]] = entries;
  if (entries.length === 1 && key === "subset" && typeof value === "string") return `${value}/${name}`;
  return `${name} (${
    entries.map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")
  })`;
}
