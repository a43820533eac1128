import { truth } from "../../values/convert.ts";
import type { Vector } from "../../vectors/vector.ts";
import type { Kernel, TruthKernel } from "./kernel.ts";
import { FALSE, type State, TRUE, type Truth, truthOfValue, UNKNOWN } from "./state.ts";
import { testWords } from "./words.ts";

/** Whether what a kernel computes counts as true. */
export function truthKernel(kernel: Kernel): TruthKernel {
  const ofWords = testWords((text) => truthOfValue(truth(text)));
  return (batch) => {
    const vector = kernel(batch);
    const { count } = batch;
    if (vector.kind === "constant") return truthOfValue(truth(vector.value));
    if (vector.kind === "text") return ofWords(vector, count);
    const out = new Uint8Array(count);
    if (vector.kind === "number") {
      const { data } = vector;
      for (let row = 0; row < count; row++) {
        const x = data[row];
        out[row] = 3 * +(x !== 0) - 2 * +(x !== x);
      }
    } else {
      for (let row = 0; row < count; row++) out[row] = truthOfValue(truth(vector.values[row]));
    }
    return out;
  };
}

/** NaN is NULL. */
const NUMBERS = new Float64Array(4);
NUMBERS[UNKNOWN] = NaN;
NUMBERS[TRUE] = 1;

/** 1, 0 and NULL. */
export function vectorOfTruth(truth: Truth, count: number): Vector {
  if (typeof truth === "number") {
    return { kind: "constant", value: truth === TRUE ? 1n : truth === FALSE ? 0n : null };
  }
  const data = new Float64Array(count);
  for (let row = 0; row < count; row++) data[row] = NUMBERS[truth[row]];
  return { kind: "number", type: "integer", data };
}

/** NOT */
export function notTruth(truth: Truth, count: number): Truth {
  if (typeof truth === "number") return notState(truth) as State;
  const out = new Uint8Array(count);
  for (let row = 0; row < count; row++) out[row] = notState(truth[row]);
  return out;
}

function notState(state: number): number {
  return TRUE - state - +(state === UNKNOWN);
}

/** AND */
export function andTruth(a: Truth, b: Truth, count: number): Truth {
  if (typeof a === "number" && typeof b === "number") return (a & b) as State;
  if (a === FALSE || b === FALSE) return FALSE;
  if (a === TRUE) return b;
  if (b === TRUE) return a;
  const out = new Uint8Array(count);
  const [column, other] = typeof a === "number" ? [b, a] : [a, b];
  const states = column as Uint8Array;
  if (typeof other === "number") { for (let row = 0; row < count; row++) out[row] = states[row] & other; }
  else for (let row = 0; row < count; row++) out[row] = states[row] & other[row];
  return out;
}

/** OR */
export function orTruth(a: Truth, b: Truth, count: number): Truth {
  if (typeof a === "number" && typeof b === "number") return (a | b) as State;
  if (a === TRUE || b === TRUE) return TRUE;
  if (a === FALSE) return b;
  if (b === FALSE) return a;
  const out = new Uint8Array(count);
  const [column, other] = typeof a === "number" ? [b, a] : [a, b];
  const states = column as Uint8Array;
  if (typeof other === "number") { for (let row = 0; row < count; row++) out[row] = states[row] | other; }
  else for (let row = 0; row < count; row++) out[row] = states[row] | other[row];
  return out;
}

/** The rows where something is true; undefined: all of them. */
export function rowsWhere(truth: Truth, count: number): Int32Array | undefined {
  if (typeof truth === "number") return truth === TRUE ? undefined : new Int32Array(0);
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    rows[found] = row;
    found += truth[row] >> 1;
  }
  return found === count ? undefined : rows.subarray(0, found);
}
