import { gather, slice } from "../../../tables/gather.ts";
import type { Value } from "../../../result/value.ts";
import type { Vector } from "../../vector.ts";

/** Rows by their numbers; where these count up, the columns are shared and not copied. */
export function pick(columns: readonly Vector[], rows: Int32Array): Vector[] {
  if (columns.length === 0) return [];
  const first = rows[0];
  if (rows.length === 0 || !countsUp(rows)) return columns.map((column) => gather(column, rows));
  return columns.map((column) => slice(column, first, first + rows.length));
}

/** Rows by their numbers; -1 is a row of NULL. */
export function pickOrNull(columns: readonly Vector[], rows: Int32Array): Vector[] {
  if (!rows.includes(-1)) return pick(columns, rows);
  if (rows.every((row) => row < 0)) return columns.map(() => ({ kind: "constant", value: null }));
  return columns.map((column) => gatherOrNull(column, rows));
}

function countsUp(rows: Int32Array): boolean {
  const first = rows[0];
  if (rows[rows.length - 1] - first !== rows.length - 1) return false;
  for (let at = 1; at < rows.length; at++) if (rows[at] !== first + at) return false;
  return true;
}

function gatherOrNull(vector: Vector, rows: Int32Array): Vector {
  switch (vector.kind) {
    case "constant":
      return constantOrNull(vector.value, rows);
    case "number": {
      const data = new Float64Array(rows.length);
      for (let at = 0; at < rows.length; at++) data[at] = rows[at] < 0 ? NaN : vector.data[rows[at]];
      return { kind: "number", type: vector.type, data };
    }
    case "text": {
      const codes = new Int32Array(rows.length);
      for (let at = 0; at < rows.length; at++) codes[at] = rows[at] < 0 ? -1 : vector.codes[rows[at]];
      return { kind: "text", codes, words: vector.words };
    }
    case "any":
      return { kind: "any", values: Array.from(rows, (row) => row < 0 ? null : vector.values[row]) };
  }
}

function constantOrNull(value: Value, rows: Int32Array): Vector {
  if (value === null) return { kind: "constant", value };
  if (typeof value === "string") return { kind: "text", codes: rows.map((row) => row < 0 ? -1 : 0), words: [value] };
  const isWhole = typeof value === "bigint" && BigInt.asIntN(53, value) === value;
  if (isWhole || typeof value === "number") {
    const number = Number(value);
    const data = Float64Array.from(rows, (row) => row < 0 ? NaN : number);
    return { kind: "number", type: isWhole ? "integer" : "real", data };
  }
  return { kind: "any", values: Array.from(rows, (row) => row < 0 ? null : value) };
}
