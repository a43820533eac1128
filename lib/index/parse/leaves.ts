import type { Json, JsonObject } from "../../base/json.ts";
import type { LogEvent } from "../../format/events/event.ts";
import { escapeName, MAX_SERIES_ARRAY_LENGTH } from "../../format/events/series_key.ts";
import { SPECIAL_KEY, specialNumber } from "../../format/json/special_values.ts";
import { Code } from "../encoding/word_table.ts";

/** Takes the leaves of an event's data, by their paths: `grad.norm`, `losses.0`. */
export interface LeafVisitor {
  /** `isPoint`: whether it is one of a series, as by `seriesOf`. */
  number(path: string, value: number, isPoint: boolean): void;
  text(path: string, text: string): void;
  /** A boolean, null, an empty object or array, or `Code.Line` for what is not taken apart. */
  code(path: string, code: Code): void;
}

/**
 * Visits every leaf of an event's data. Items of arrays are leaves too. Long arrays, files and other special values are
 * not taken apart.
 */
export function visitLeaves({ event, data }: LogEvent, visitor: LeafVisitor): void {
  const isMute = event.startsWith("dbx/");
  for (const name of Object.keys(data)) {
    const value = data[name];
    if (name === "step" && typeof value === "number") visitor.number("step", value, false);
    else visit(value, escapeName(name), !isMute, visitor);
  }
}

function visit(json: Json, path: string, isPoint: boolean, visitor: LeafVisitor): void {
  if (typeof json === "number") return visitor.number(path, json, isPoint);
  if (typeof json === "string") return visitor.text(path, json);
  if (typeof json === "boolean") return visitor.code(path, json ? Code.True : Code.False);
  if (json === null) return visitor.code(path, Code.Null);
  if (Array.isArray(json)) {
    if (json.length === 0) return visitor.code(path, Code.EmptyArray);
    if (json.length > MAX_SERIES_ARRAY_LENGTH) return visitor.code(path, Code.Line);
    for (let i = 0; i < json.length; i++) visit(json[i], `${path}.${i}`, isPoint, visitor);
    return;
  }
  const special = specialNumber(json);
  if (special !== undefined) return visitor.number(path, special, isPoint);
  if (typeof json[SPECIAL_KEY] === "string") return visitor.code(path, Code.Line);
  const names = Object.keys(json);
  if (names.length === 0) return visitor.code(path, Code.EmptyObject);
  for (const name of names) {
    visit((json as JsonObject)[name], `${path}.${escapeName(name)}`, isPoint, visitor);
  }
}
