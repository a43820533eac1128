import { inputsOf } from "../../plan/scalars.ts";
import type { Scalar } from "../../plan/plan.ts";
import { gather } from "../../vectors/gather.ts";
import type { Batch, Vector } from "../../vectors/vector.ts";

/** Makes what gives some rows of a batch, with only the columns that some scalars look at. */
export function narrower(...scalars: readonly Scalar[]): (batch: Batch, rows: Int32Array) => Batch {
  const inputs = [...inputsOf(...scalars)];
  return ({ columns }, rows) => {
    const narrow: Vector[] = new Array(columns.length);
    for (const index of inputs) narrow[index] = gather(columns[index], rows);
    return { count: rows.length, columns: narrow };
  };
}

/** Functions whose kernels over numbers are as quick as picking rows. */
const CHEAP_FUNCTIONS: ReadonlySet<string> = new Set([
  ...["abs", "sign", "sqrt", "ceil", "ceiling", "floor", "trunc"],
  ...["min", "max", "coalesce", "ifnull", "nullif", "likely", "unlikely"],
]);

/** How much a value costs: computing it for all rows is cheaper than picking rows first, or it is not. */
export function isCheap(scalar: Scalar): boolean {
  switch (scalar.kind) {
    case "constant":
    case "input":
    case "subquery":
    case "exists":
      return true;
    case "arithmetic":
      return "+-*/%".includes(scalar.op) && isCheap(scalar.left) && isCheap(scalar.right);
    case "compare":
      return isCheap(scalar.left) && isCheap(scalar.right);
    case "and":
    case "or":
      return scalar.items.every(isCheap);
    case "not":
    case "negate":
    case "in":
      return isCheap(scalar.operand);
    case "cast":
      return (scalar.to === "integer" || scalar.to === "real") && isCheap(scalar.operand);
    case "call":
      return CHEAP_FUNCTIONS.has(scalar.name) && scalar.args.every(isCheap);
  }
  return false;
}

/** Rows of rows. */
export function compose(rows: Int32Array, some: Int32Array | undefined): Int32Array {
  if (some === undefined) return rows;
  const composed = new Int32Array(some.length);
  for (let at = 0; at < composed.length; at++) composed[at] = rows[some[at]];
  return composed;
}
