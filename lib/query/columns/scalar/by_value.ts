import type { Value } from "../../result/value.ts";
import { valueAt } from "../../tables/gather.ts";
import { vectorOfValues } from "../../tables/value_vector.ts";
import type { Vector } from "../vector.ts";

/** Computes value by value what has no kernel of its own. */
export function mapValues(
  vectors: readonly Vector[],
  count: number,
  compute: (...values: readonly Value[]) => Value,
): Vector {
  if (vectors.every((vector) => vector.kind === "constant")) {
    return { kind: "constant", value: compute(...vectors.map((vector) => valueAt(vector, 0))) };
  }
  const out: Value[] = new Array(count);
  if (vectors.length === 1) {
    const [vector] = vectors;
    for (let row = 0; row < count; row++) out[row] = compute(valueAt(vector, row));
  } else if (vectors.length === 2) {
    const [left, right] = vectors;
    for (let row = 0; row < count; row++) out[row] = compute(valueAt(left, row), valueAt(right, row));
  } else {
    for (let row = 0; row < count; row++) out[row] = compute(...vectors.map((vector) => valueAt(vector, row)));
  }
  return vectorOfValues(out);
}
