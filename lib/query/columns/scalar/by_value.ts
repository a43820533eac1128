import type { Value } from "../../values/value.ts";
import { gather, valueAt } from "../../vectors/gather.ts";
import { distinctTexts, vectorOfValues } from "../../vectors/value_vector.ts";
import type { Vector } from "../../vectors/vector.ts";
import { mapWords } from "./words.ts";

/** Computes a value of others. */
export interface Compute {
  (...values: readonly Value[]): Value;
  /** For many values in the place of one of the arguments at once, if that is quicker. */
  readonly many?: (args: readonly Value[], varying: number, values: readonly Value[]) => Value[];
}

/**
 * Computes a function that has no kernel for some vectors: once for each word or each different number where that is less
 * work, else row by row.
 */
export function valueMapper(compute: Compute): (vectors: readonly Vector[], count: number) => Vector {
  let constants: readonly Value[] = [];
  let words: ReturnType<typeof mapWords> | undefined;
  return (vectors, count) => {
    const varying = vectors.findIndex((vector) => vector.kind !== "constant");
    if (varying < 0) return { kind: "constant", value: compute(...vectors.map((vector) => valueAt(vector, 0))) };
    const others = vectors.filter((vector) => vector.kind !== "constant").length;
    if (others > 1) return mapRows(vectors, count, compute);
    const vector = vectors[varying];
    const values = vectors.map((vector) => vector.kind === "constant" ? vector.value : null);
    const one = (value: Value) => compute(...values.with(varying, value));
    if (vector.kind !== "text") return mapDifferent(vector, count, vectors.length === 1 ? compute : one);
    if (words === undefined || values.some((value, at) => !Object.is(value, constants[at]))) {
      constants = values;
      const { many } = compute;
      words = mapWords(
        vectors.length === 1 ? compute : one,
        many && ((texts: readonly Value[]) => many(values, varying, texts)),
      );
    }
    return words(vector, count);
  };
}

/** Row by row. */
export function mapRows(vectors: readonly Vector[], count: number, compute: Compute): Vector {
  const out: Value[] = new Array(count);
  if (vectors.length === 2) {
    const [left, right] = vectors;
    for (let row = 0; row < count; row++) out[row] = compute(valueAt(left, row), valueAt(right, row));
  } else {
    for (let row = 0; row < count; row++) out[row] = compute(...vectors.map((vector) => valueAt(vector, row)));
  }
  return vectorOfValues(out);
}

/** Rows after which it shows whether values repeat themselves, and how many may be different if they do. */
const TRIAL = 1024;
const FEW = 0.85 * TRIAL;

/** Once for each different value, if there are few of them. */
function mapDifferent(vector: Vector, count: number, compute: (value: Value) => Value): Vector {
  const codes = new Int32Array(count);
  const known = new Map<unknown, number>();
  const answers: Value[] = [];
  const keys = vector.kind === "number" ? vector.data : vector.kind === "any" ? vector.values : [];
  for (let row = 0; row < count; row++) {
    const key = keys[row];
    let code = known.get(key);
    if (code === undefined) {
      code = answers.length;
      answers.push(compute(valueAt(vector, row)));
      // 0.0 and -0.0 are one key.
      if (key !== 0) known.set(key, code);
    }
    codes[row] = code;
    if (row === TRIAL && answers.length > FEW) return mapRest(vector, count, compute, codes, answers, row + 1);
  }
  return gather(vectorOfValues(answers), codes);
}

/** The answers of the first rows are there. */
function mapRest(
  vector: Vector,
  count: number,
  compute: (value: Value) => Value,
  codes: Int32Array,
  answers: readonly Value[],
  from: number,
): Vector {
  const out: Value[] = new Array(count);
  for (let row = 0; row < from; row++) out[row] = answers[codes[row]];
  let hasOnlyTexts = true;
  for (let row = from; row < count; row++) {
    const value = out[row] = compute(valueAt(vector, row));
    hasOnlyTexts &&= typeof value === "string";
  }
  // Mostly different ones again, which need not be looked for among each other.
  if (hasOnlyTexts && answers.every((answer) => typeof answer === "string")) return distinctTexts(out as string[]);
  return vectorOfValues(out);
}
