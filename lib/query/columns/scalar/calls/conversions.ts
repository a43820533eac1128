import type { Affinity } from "../../../bind/bound.ts";
import type { Scalar } from "../../../plan/plan.ts";
import { applyAffinity, cast } from "../../../values/convert.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { valueMapper } from "../by_value.ts";
import type { Kernel } from "../kernel.ts";

/** The conversion that a comparison makes before it compares. */
export function affinityKernel(to: Affinity, operand: Kernel): Kernel {
  if (to === "none") return operand;
  const unchanged = to === "text" ? "text" : "number";
  const byValue = valueMapper((value) => applyAffinity(to, value));
  return (batch) => {
    const vector = operand(batch);
    return vector.kind === unchanged ? vector : byValue([vector], batch.count);
  };
}

/** `CAST(… AS …)` */
export function castKernel(to: (Scalar & { kind: "cast" })["to"], operand: Kernel): Kernel {
  const byValue = valueMapper((value) => cast(to, value));
  return (batch) => {
    const vector = operand(batch);
    return castFast(to, vector, batch.count) ?? byValue([vector], batch.count);
  };
}

function castFast(to: string, vector: Vector, count: number): Vector | undefined {
  if (vector.kind === "text") return to === "text" ? vector : undefined;
  if (vector.kind !== "number") return undefined;
  if (to === "numeric" || to === vector.type) return vector;
  if (to === "real") return { kind: "number", type: "real", data: withoutMinusZero(vector.data, count) };
  return to === "integer" ? cutAll(vector.data, count) : undefined;
}

/** An INTEGER has no -0. */
export function withoutMinusZero(from: Float64Array, count: number): Float64Array {
  const data = new Float64Array(count);
  for (let row = 0; row < count; row++) data[row] = from[row] + 0;
  return data;
}

function cutAll(from: Float64Array, count: number): Vector | undefined {
  const data = new Float64Array(count);
  let beyond = 0;
  for (let row = 0; row < count; row++) {
    const x = from[row];
    data[row] = Math.trunc(x) + 0;
    beyond |= +(Math.abs(x) > Number.MAX_SAFE_INTEGER);
  }
  return beyond !== 0 ? undefined : { kind: "number", type: "integer", data };
}
