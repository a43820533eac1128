import { valueAt } from "../tables/gather.ts";
import type { Value } from "../result/value.ts";
import type { Batch, NumberType, Vector } from "./vector.ts";

/** All rows of some batches of one width as one batch. */
export function concatenateBatches(batches: readonly Batch[], width: number): Batch {
  const counts = batches.map(({ count }) => count);
  const count = counts.reduce((sum, count) => sum + count, 0);
  const columns = Array.from(
    { length: width },
    (_, column) => concatenate(batches.map(({ columns }) => columns[column]), counts),
  );
  return { count, columns };
}

/** Vectors one behind the other, of so many rows each. */
export function concatenate(parts: readonly Vector[], counts: readonly number[]): Vector {
  if (parts.length === 1) return parts[0];
  const kinds = new Set(parts.map(kindOf));
  kinds.delete("null");
  if (kinds.size === 0) return { kind: "constant", value: null };
  if (areOneConstant(parts)) return parts[0];
  const count = counts.reduce((sum, count) => sum + count, 0);
  if (kinds.has("any")) return anyOf(parts, counts, count);
  if (kinds.has("text")) return kinds.size === 1 ? textOf(parts, counts, count) : anyOf(parts, counts, count);
  const type = commonType(kinds as Set<NumberType>, parts, counts);
  return type === undefined ? anyOf(parts, counts, count) : numbersOf(parts, counts, count, type);
}

/** What a vector has: numbers of a type, texts, anything, or NULL only. */
function kindOf(vector: Vector): NumberType | "text" | "any" | "null" {
  if (vector.kind === "number") return vector.type;
  if (vector.kind !== "constant") return vector.kind;
  const { value } = vector;
  if (value === null) return "null";
  if (typeof value === "bigint") return BigInt.asIntN(53, value) === value ? "integer" : "any";
  return typeof value === "number" ? "real" : typeof value === "string" ? "text" : "any";
}

function areOneConstant(parts: readonly Vector[]): boolean {
  const [first] = parts;
  return first.kind === "constant" && parts.every((it) => it.kind === "constant" && Object.is(it.value, first.value));
}

/** The type that numbers of several types can share; undefined where a REAL would look like an INTEGER. */
function commonType(
  types: ReadonlySet<NumberType>,
  parts: readonly Vector[],
  counts: readonly number[],
): NumberType | undefined {
  const [only] = types;
  if (types.size === 1) return only;
  const hides = parts.some((part, at) => {
    if (kindOf(part) !== "real") return false;
    if (part.kind === "constant") return Number.isSafeInteger(part.value);
    return part.kind === "number" && hasWhole(part.data, counts[at]);
  });
  return hides ? undefined : "numeric";
}

function hasWhole(data: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (Number.isSafeInteger(data[row])) return true;
  return false;
}

function numbersOf(parts: readonly Vector[], counts: readonly number[], count: number, type: NumberType): Vector {
  const data = new Float64Array(count);
  let start = 0;
  parts.forEach((part, at) => {
    const end = start + counts[at];
    if (part.kind === "number") data.set(part.data.subarray(0, counts[at]), start);
    else if (part.kind === "constant") data.fill(part.value === null ? NaN : Number(part.value), start, end);
    start = end;
  });
  return { kind: "number", type, data };
}

/** Dictionaries are put one behind the other: each once, and the texts of constants once. */
function textOf(parts: readonly Vector[], counts: readonly number[], count: number): Vector {
  const codes = new Int32Array(count);
  const dictionaries = new Map<readonly string[], number>();
  const constants = new Map<string, number>();
  let words: string[] | undefined;
  let only: readonly string[] | undefined;
  const append = (more: readonly string[]): number => {
    if (words === undefined && only === undefined) {
      only = more;
      return 0;
    }
    words ??= [...only!];
    const offset = words.length;
    for (const word of more) words.push(word);
    return offset;
  };
  let start = 0;
  parts.forEach((part, at) => {
    const end = start + counts[at];
    if (part.kind === "text") {
      let offset = dictionaries.get(part.words);
      if (offset === undefined) dictionaries.set(part.words, offset = append(part.words));
      if (offset === 0) codes.set(part.codes.subarray(0, counts[at]), start);
      else shift(part.codes, counts[at], offset, codes, start);
    } else if (part.kind === "constant") {
      const { value } = part;
      let code = -1;
      if (typeof value === "string") {
        code = constants.get(value) ?? append([value]);
        constants.set(value, code);
      }
      codes.fill(code, start, end);
    }
    start = end;
  });
  return { kind: "text", codes, words: words ?? only ?? [] };
}

function shift(from: Int32Array, count: number, offset: number, to: Int32Array, start: number): void {
  for (let row = 0; row < count; row++) to[start + row] = from[row] < 0 ? -1 : from[row] + offset;
}

function anyOf(parts: readonly Vector[], counts: readonly number[], count: number): Vector {
  const values = new Array<Value>(count);
  let row = 0;
  parts.forEach((part, at) => {
    for (let within = 0; within < counts[at]; within++) values[row++] = valueAt(part, within);
  });
  return { kind: "any", values };
}
