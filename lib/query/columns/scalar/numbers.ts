import type { NumberType, Vector } from "../../vectors/vector.ts";

/** Numbers as kernels see them: a column, or one number for all rows. NaN is NULL. */
export interface Numbers {
  readonly type: NumberType;
  /** Undefined: `one` in every row. */
  readonly data: Float64Array | undefined;
  readonly one: number;
}

/** A vector as numbers; undefined where it holds something else, or an INTEGER beyond 2^53. */
export function numbersOf(vector: Vector): Numbers | undefined {
  if (vector.kind === "number") return { type: vector.type, data: vector.data, one: NaN };
  if (vector.kind !== "constant") return undefined;
  const { value } = vector;
  if (typeof value === "number") return { type: "real", data: undefined, one: value };
  if (typeof value !== "bigint") return undefined;
  const one = Number(value);
  return Number.isSafeInteger(one) ? { type: "integer", data: undefined, one } : undefined;
}

/** As a column. */
export function columnOf({ data, one }: Numbers, count: number): Float64Array {
  return data ?? new Float64Array(count).fill(one);
}
