import type { Value } from "../../result/value.ts";
import type { Scalar } from "../../plan/scalar.ts";
import { valueAt } from "../../tables/gather.ts";
import { vectorOfValues } from "../../tables/value_vector.ts";
import type { Compiler, Kernel } from "./kernel.ts";
import { TRUE } from "./truth.ts";

/** CASE: each row has the value of the first branch whose condition is true. */
export function caseKernel(scalar: Scalar & { kind: "case" }, compiler: Compiler): Kernel {
  const conditions = scalar.branches.map(({ when }) => compiler.truth(when));
  const values = [...scalar.branches.map(({ then }) => then), scalar.otherwise].map((value) => compiler.vector(value));
  return (batch) => {
    const { count } = batch;
    const truths = conditions.map((condition) => condition(batch));
    const vectors = values.map((value) => value(batch));
    const out: Value[] = new Array(count);
    for (let row = 0; row < count; row++) {
      let at = truths.findIndex((truth) => (typeof truth === "number" ? truth : truth[row]) === TRUE);
      if (at < 0) at = truths.length;
      out[row] = valueAt(vectors[at], row);
    }
    return vectorOfValues(out);
  };
}
