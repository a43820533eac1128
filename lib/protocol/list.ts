import { isObject, type Json, type JsonObject } from "../base/json.ts";
import { decodeValue, encodeValue } from "../format/json/value.ts";
import type { ExperimentList } from "../query/list/list.ts";

/** A list as JSON: an object a row, without the columns that an experiment does not have. */
export function listToJson(list: ExperimentList): JsonObject {
  return { ...list, columns: [...list.columns], remarks: [...list.remarks], rows: list.rows.map((row) => rowOf(row)) };

  function rowOf(row: readonly (Json | undefined)[]): JsonObject {
    const there = list.columns.flatMap((name, at) => {
      const value = row[at];
      return value === undefined ? [] : [[name, encodeValue(value)] as const];
    });
    return Object.fromEntries(there);
  }
}

/** The list that {@linkcode listToJson} wrote; undefined for anything else. */
export function listFromJson(json: Record<string, unknown>): ExperimentList | undefined {
  const { columns, rows, remarks } = json;
  if (!isTexts(columns) || !isTexts(remarks) || !Array.isArray(rows) || !rows.every(isObject)) return undefined;
  return {
    columns,
    rows: rows.map((row) =>
      columns.map((name) => Object.hasOwn(row, name) ? decodeValue(row[name] as Json) as Json : undefined)
    ),
    remarks,
    of: Number(json.of) || 0,
    ...typeof json.matching === "number" && { matching: json.matching },
    ...typeof json.deleted === "number" && { deleted: json.deleted },
    problems: Number(json.problems) || 0,
    badLines: Number(json.badLines) || 0,
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
