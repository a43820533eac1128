import type { Vector } from "../../../lib/query/vectors/vector.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import type { Random } from "./random.ts";

const INTEGERS: readonly Value[] = [0n, 1n, -1n, 2n, 3n, 7n, -7n, 10n, 100n, 4294967296n, 2147483648n, -2147483649n];
const EDGES: readonly Value[] = [9007199254740991n, -9007199254740991n, 4503599627370497n, 3037000500n];
const BIG: readonly Value[] = [9007199254740992n, 9007199254740993n, -9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)];
const FRACTIONS: readonly Value[] = [0.5, -0.5, 1.5, 2.5, -3.25, 1e-7, 0.1, 0.3, 1e300, -1e300, Infinity, -Infinity];
const WHOLES: readonly Value[] = [0, -0, 1, 2, -7, 100, 9007199254740991, 9007199254740992, 2 ** 63, -(2 ** 63), 1e15];
const WORDS: readonly Value[] = ["", "abc", "ABC", "auto", "Äß", "a_b%", "zzz", "\u{1f600}x", "\uffee", "a\0b"];
const NUMBERS: readonly Value[] = ["12", "1.5", " 7 ", "1e3", "-0", "0x10", "9007199254740993", "3abc", "2.0", ".5"];
const JSON_TEXTS: readonly Value[] = [
  '{"a":1,"b":{"c":[1,2.0,"x"]}}',
  '{"a":"t","b":null}',
  "[1,2]",
  '["x","y"]',
  "true",
];
const BLOBS: readonly Value[] = [new Uint8Array(), new Uint8Array([97, 98]), new Uint8Array([49, 50])];

/** What the values of a column are like, and the affinity that it is declared with. */
const FLAVOURS: readonly { readonly pools: readonly (readonly Value[])[]; readonly type: string }[] = [
  { pools: [INTEGERS], type: "" },
  { pools: [INTEGERS, EDGES], type: "INTEGER" },
  { pools: [FRACTIONS, WHOLES], type: "" },
  { pools: [FRACTIONS], type: "REAL" },
  { pools: [INTEGERS, FRACTIONS], type: "NUMERIC" },
  { pools: [INTEGERS, EDGES, FRACTIONS], type: "" },
  { pools: [WORDS], type: "TEXT" },
  { pools: [WORDS, NUMBERS, JSON_TEXTS], type: "" },
  { pools: [JSON_TEXTS], type: "TEXT" },
  { pools: [INTEGERS, EDGES, BIG, FRACTIONS, WHOLES, WORDS, NUMBERS, BLOBS], type: "" },
  { pools: [INTEGERS, BIG], type: "" },
];

/** Any value. */
export function randomValue(random: Random): Value {
  if (random.chance(0.08)) return null;
  return random.pick(random.pick(random.pick(FLAVOURS).pools));
}

/** A column of a table: values before they are stored. */
export interface RandomColumn {
  readonly type: string;
  readonly values: readonly Value[];
}

/** A column of so many values of one flavour. */
export function randomColumn(random: Random, count: number): RandomColumn {
  const { pools, type } = random.pick(FLAVOURS);
  const nulls = random.pick([0, 0.1, 0.1, 0.5, 1]);
  const one = random.chance(0.1) ? random.pick(random.pick(pools)) : undefined;
  const values = Array.from({ length: count }, () => {
    if (one !== undefined) return one;
    return random.chance(nulls) ? null : random.pick(random.pick(pools));
  });
  return { type, values };
}

/** All vectors that can hold some values, some with arrays that are longer than needed. */
export function vectorsOf(values: readonly Value[], random: Random): Vector[] {
  const vectors: Vector[] = [{ kind: "any", values: random.chance(0.5) ? values : [...values, "beyond the end"] }];
  const first = values[0];
  if (values.length > 0 && values.every((value) => Object.is(value, first))) {
    vectors.push({ kind: "constant", value: first });
  }
  const numbers = (type: "integer" | "real" | "numeric"): void => {
    const data = new Float64Array(values.length + random.below(3)).fill(3);
    values.forEach((value, row) => data[row] = value === null ? NaN : Number(value));
    vectors.push({ kind: "number", type, data });
  };
  const isSafe = (value: Value) => typeof value === "bigint" && Number.isSafeInteger(Number(value));
  const isPart = (value: Value) => typeof value === "number" && !Number.isSafeInteger(value);
  if (values.every((value) => value === null || isSafe(value))) numbers("integer");
  if (values.every((value) => value === null || typeof value === "number")) numbers("real");
  if (values.every((value) => value === null || isSafe(value) || isPart(value))) numbers("numeric");
  if (values.every((value) => value === null || typeof value === "string")) vectors.push(textVector(values, random));
  return vectors;
}

/** With words that stand twice and words that are not used. */
function textVector(values: readonly Value[], random: Random): Vector {
  const words = ["{not used", ...new Set(values as string[])].filter((word) => word !== null);
  const twice = [...words, ...words];
  const codes = new Int32Array(values.length + random.below(3)).fill(0);
  values.forEach((value, row) => {
    codes[row] = value === null ? -1 : words.indexOf(value as string, 1) + (random.chance(0.3) ? words.length : 0);
  });
  return { kind: "text", codes, words: twice };
}
