import type { Vector } from "./vector.ts";
import type { Value } from "../values/value.ts";

/** The value in a row of a vector. */
export function valueAt(vector: Vector, row: number): Value {
  switch (vector.kind) {
    case "constant":
      return vector.value;
    case "number": {
      const number = vector.data[row];
      if (number !== number) return null;
      const isInteger = vector.type === "integer" || (vector.type === "numeric" && Number.isSafeInteger(number));
      return isInteger ? BigInt(number) : number;
    }
    case "text": {
      const code = vector.codes[row];
      return code < 0 ? null : vector.words[code];
    }
    case "any":
      return vector.values[row];
  }
}

/** Some rows of a vector, in the order of their numbers. */
export function gather(vector: Vector, rows: Int32Array): Vector {
  const count = rows.length;
  switch (vector.kind) {
    case "constant":
      return vector;
    case "number": {
      const { data, type } = vector;
      const gathered = new Float64Array(count);
      for (let at = 0; at < count; at++) gathered[at] = data[rows[at]];
      return { kind: "number", type, data: gathered };
    }
    case "text": {
      const { codes, words } = vector;
      const gathered = new Int32Array(count);
      for (let at = 0; at < count; at++) gathered[at] = codes[rows[at]];
      return { kind: "text", codes: gathered, words };
    }
    case "any": {
      const { values } = vector;
      const gathered: Value[] = new Array(count);
      for (let at = 0; at < count; at++) gathered[at] = values[rows[at]];
      return { kind: "any", values: gathered };
    }
  }
}

/** Rows from one to another, which share what they can with the vector. */
export function slice(vector: Vector, from: number, to: number): Vector {
  switch (vector.kind) {
    case "constant":
      return vector;
    case "number":
      return { ...vector, data: vector.data.subarray(from, to) };
    case "text":
      return { ...vector, codes: vector.codes.subarray(from, to) };
    case "any":
      return { ...vector, values: vector.values.slice(from, to) };
  }
}
