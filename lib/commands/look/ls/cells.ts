import type { Json } from "../../../base/json.ts";
import { expandAlias } from "../../../query/schema/column_aliases.ts";
import { type Colour, statusColour } from "../../../terminal/colours.ts";
import { age, duration } from "../../../terminal/values.ts";

/** How a table shows the values of the columns of a list, by their full names, that are not shown as they are. */
const SHOWN: Readonly<Record<string, (value: Json) => string>> = {
  created_at: (value) => typeof value === "number" ? new Date(value).toISOString().slice(0, 19) + "Z" : "",
  age_ms: (value) => typeof value === "number" ? age(0, value) : "",
  duration_ms: (value) => duration(typeof value === "number" ? value : undefined),
  lost_events: (value) => typeof value === "number" && value > 0 ? `${value} events` : "",
  deleted: (value) => value === 1 ? "deleted" : "",
  tags: (value) => Array.isArray(value) ? value.join(",") : "",
  cmd: (value) => Array.isArray(value) ? value.join(" ") : "",
};

/** A value of a list for a table. `cell`: writes those that are shown as they are. */
export function shown(column: string, value: Json | undefined, cell: (value: Json) => string): string {
  if (value === undefined) return "";
  const name = expandAlias(column);
  return Object.hasOwn(SHOWN, name) ? SHOWN[name](value) : cell(value);
}

/** The colour of a cell. */
export function colourOf(column: string, text: string): Colour | undefined {
  if (expandAlias(column) === "lost_events") return text === "" ? undefined : "yellow";
  return column === "status" ? statusColour(text) : undefined;
}
