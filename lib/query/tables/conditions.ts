import type { ScalarContext } from "../columns/scalar/context.ts";
import { compileCondition } from "../columns/scalar/compile.ts";
import type { Batch } from "../vectors/vector.ts";
import type { Scalar } from "../plan/plan.ts";
import { allOf, inputsOf } from "../plan/scalars.ts";

/** Conditions that must all be true, ready to be asked of batches. */
export interface CompiledCondition {
  /** The numbers of the rows for which they are, ascending; undefined: all. */
  readonly select: (batch: Batch) => Int32Array | undefined;
  /** The columns that they look at; the others of a batch may be anything. */
  readonly inputs: ReadonlySet<number>;
}

/** Undefined where there is nothing to ask. */
export function compiledCondition(conditions: readonly Scalar[]): CompiledCondition | undefined {
  const all = allOf(conditions);
  if (all === undefined) return undefined;
  return { select: compileCondition(all, NO_PLANS), inputs: inputsOf(all) };
}

/** A scan is given the answers of the plans inside of its conditions in their place. */
const NO_PLANS: ScalarContext = { value: refuse, exists: refuse, members: refuse };

function refuse(): never {
  throw new TypeError("a condition of a scan holds a plan");
}
