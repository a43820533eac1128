import type { Json } from "../base/json.ts";
import { type Colour, statusColour } from "./ansi.ts";
import { age, cell, duration } from "./format_values.ts";

/** How a table shows the values of the columns of a list that are not shown as they are. */
const SHOWN: Readonly<Record<string, (value: Json) => string>> = {
  created: (value) => typeof value === "number" ? new Date(value).toISOString().slice(0, 19) + "Z" : "",
  age: (value) => typeof value === "number" ? age(0, value) : "",
  duration: (value) => duration(typeof value === "number" ? value : undefined),
  lost: (value) => typeof value === "number" && value > 0 ? `${value} events` : "",
  tags: (value) => Array.isArray(value) ? value.join(",") : "",
  command: (value) => Array.isArray(value) ? value.join(" ") : "",
};

/** A value of a list for a table. */
export function shown(column: string, value: Json | undefined): string {
  if (value === undefined) return "";
  return Object.hasOwn(SHOWN, column) ? SHOWN[column](value) : cell(value);
}

/** The colour of a cell. */
export function colourOf(column: string, text: string): Colour | undefined {
  if (column === "lost") return text === "" ? undefined : "yellow";
  return column === "status" ? statusColour(text) : undefined;
}
