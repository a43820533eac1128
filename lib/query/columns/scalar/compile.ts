import { conjunctsOf } from "../../plan/scalars.ts";
import type { Scalar } from "../../plan/plan.ts";
import type { Batch, Vector } from "../../vectors/vector.ts";
import { ScalarCompiler } from "./compiler.ts";
import { rowsKernel } from "./conditions/condition.ts";
import type { ScalarContext } from "./context.ts";
import { cheapFirst } from "./conditions/logic.ts";

/** Computes a scalar for the rows of a batch: a vector of `batch.count` rows, or a constant one. */
export type CompiledScalar = (batch: Batch) => Vector;

/** The numbers of the rows for which a condition is true, ascending; undefined: all. */
export type CompiledCondition = (batch: Batch) => Int32Array | undefined;

/** Compiles a scalar. What it then computes is what SQLite computes, or it throws `Fallback`. */
export function compileScalar(scalar: Scalar, context: ScalarContext): CompiledScalar {
  const compiled = compileScalars([scalar], context);
  return (batch) => compiled(batch)[0];
}

/** Compiles some scalars over the same batches; what they have in common is computed once. */
export function compileScalars(
  scalars: readonly Scalar[],
  context: ScalarContext,
): (batch: Batch) => Vector[] {
  const compiler = new ScalarCompiler(context, scalars);
  const kernels = scalars.map((scalar) => compiler.vector(scalar));
  return (batch) => {
    try {
      return kernels.map((kernel) => kernel(batch));
    } finally {
      compiler.forget();
    }
  };
}

/**
 * Compiles a scalar of which only matters whether it is true. Of items that must all be true the cheap ones come first, and
 * the others see the rows that are left.
 */
export function compileCondition(scalar: Scalar, context: ScalarContext): CompiledCondition {
  const conjuncts = conjunctsOf(scalar);
  const compiler = new ScalarCompiler(context, conjuncts);
  const terms = cheapFirst(conjuncts).map((term) => rowsKernel(term, compiler));
  return (batch) => {
    try {
      let rows: Int32Array | undefined;
      for (const keep of terms) {
        if (rows?.length === 0) break;
        rows = keep(batch, rows);
      }
      return rows?.length === batch.count ? undefined : rows;
    } finally {
      compiler.forget();
    }
  };
}
