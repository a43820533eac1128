import { truth } from "../../values/convert.ts";
import type { Vector } from "../vector.ts";
import type { Kernel, TruthKernel } from "./kernel.ts";
import { FALSE, type State, TRUE, truthOfValue, UNKNOWN } from "./state.ts";
import { testWords } from "./words.ts";

/** Whether something is true: row by row, or in all rows alike. Arrays may be longer than the batch. */
export type Truth = Uint8Array | State;

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
        out[row] = 2 * +(x !== 0) - +(x !== x);
      }
    } else {
      for (let row = 0; row < count; row++) out[row] = truthOfValue(truth(vector.values[row]));
    }
    return out;
  };
}

/** 1, 0 and NULL. */
export function vectorOfTruth(truth: Truth, count: number): Vector {
  if (typeof truth === "number") {
    return { kind: "constant", value: truth === TRUE ? 1n : truth === FALSE ? 0n : null };
  }
  const data = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const state = truth[row];
    data[row] = state === UNKNOWN ? NaN : state >> 1;
  }
  return { kind: "number", type: "integer", data };
}

export function notTruth(truth: Truth, count: number): Truth {
  if (typeof truth === "number") return TRUE - truth as Truth;
  const out = new Uint8Array(count);
  for (let row = 0; row < count; row++) out[row] = TRUE - truth[row];
  return out;
}

export function andTruth(a: Truth, b: Truth, count: number): Truth {
  if (typeof a === "number") {
    return a === FALSE ? FALSE : a === TRUE ? b : typeof b === "number" ? least(a, b) : andTruth(b, a, count);
  }
  if (b === FALSE) return FALSE;
  if (b === TRUE) return a;
  const out = new Uint8Array(count);
  if (b === UNKNOWN) { for (let row = 0; row < count; row++) out[row] = a[row] === FALSE ? FALSE : UNKNOWN; }
  else for (let row = 0; row < count; row++) out[row] = a[row] < b[row] ? a[row] : b[row];
  return out;
}

export function orTruth(a: Truth, b: Truth, count: number): Truth {
  if (typeof a === "number") {
    return a === TRUE ? TRUE : a === FALSE ? b : typeof b === "number" ? greatest(a, b) : orTruth(b, a, count);
  }
  if (b === TRUE) return TRUE;
  if (b === FALSE) return a;
  const out = new Uint8Array(count);
  if (b === UNKNOWN) { for (let row = 0; row < count; row++) out[row] = a[row] === TRUE ? TRUE : UNKNOWN; }
  else for (let row = 0; row < count; row++) out[row] = a[row] > b[row] ? a[row] : b[row];
  return out;
}

function least(a: number, b: number): Truth {
  return (a < b ? a : b) as Truth;
}

function greatest(a: number, b: number): Truth {
  return (a > b ? a : b) as Truth;
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
