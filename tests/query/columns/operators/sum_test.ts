import { Sum } from "../../../../lib/query/columns/operators/aggregate/sum.ts";
import type { Vector } from "../../../../lib/query/vectors/vector.ts";
import { assertEquals } from "../../../assert.ts";

/** Numbers whose sum, added up as they come, would be 0. */
const LOSING = [1, 1e100, 1, -1e100];

function sumOf(type: "real" | "numeric", name: "sum" | "total" | "avg", ids: Int32Array | number): unknown[] {
  const sum = new Sum(name);
  const data = Float64Array.from([...LOSING, 0.5]);
  const vector: Vector = { kind: "number", type, data };
  // In two batches: the error of the first is not forgotten either.
  const groups = typeof ids === "number" ? 1 : 2;
  sum.add([{ ...vector, data: data.subarray(0, 2) }], 2, typeof ids === "number" ? ids : ids.subarray(0, 2), groups);
  sum.add([{ ...vector, data: data.subarray(2) }], 3, typeof ids === "number" ? ids : ids.subarray(2), groups);
  const found = sum.finish(groups);
  return found.kind === "number" ? [...found.data] : found.kind === "any" ? [...found.values] : [];
}

Deno.test({ name: "Sum: no rounding error is lost, in one group or in several", permissions: "none" }, () => {
  const ids = Int32Array.from([0, 0, 0, 0, 1]);
  for (const type of ["real", "numeric"] as const) {
    assertEquals(sumOf(type, "sum", ids), [2, 0.5], type);
    assertEquals(sumOf(type, "total", 0), [2.5], type);
    assertEquals(sumOf(type, "avg", 0), [0.5], type);
    assertEquals(sumOf(type, "avg", ids), [0.5, 0.5], type);
  }
});
