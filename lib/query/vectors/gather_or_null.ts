import type { Value } from "../values/value.ts";
import { gather } from "./gather.ts";
import type { Vector } from "./vector.ts";

/** Some rows of a vector, in the order of their numbers; -1 is NULL. */
export function gatherOrNull(vector: Vector, rows: Int32Array): Vector {
  if (!rows.includes(-1)) return gather(vector, rows);
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
  if (value === null || rows.every((row) => row < 0)) return { kind: "constant", value: null };
  if (typeof value === "string") return { kind: "text", codes: rows.map((row) => row < 0 ? -1 : 0), words: [value] };
  const isWhole = typeof value === "bigint" && BigInt.asIntN(53, value) === value;
  if (isWhole || typeof value === "number") {
    const number = Number(value);
    const data = Float64Array.from(rows, (row) => row < 0 ? NaN : number);
    return { kind: "number", type: isWhole ? "integer" : "real", data };
  }
  return { kind: "any", values: Array.from(rows, (row) => row < 0 ? null : value) };
}
