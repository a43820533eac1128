import type { Scalar } from "../../plan/scalar.ts";
import type { Batch, Vector } from "../vector.ts";
import { ScalarCompiler } from "./compiler.ts";
import type { ScalarContext } from "./context.ts";
import { rowsWhere } from "./truth.ts";

/** Computes a scalar for the rows of a batch: a vector of `batch.count` rows, or a constant one. */
export type CompiledScalar = (batch: Batch) => Vector;

/** The numbers of the rows for which a condition is true, ascending; undefined: all. */
export type CompiledCondition = (batch: Batch) => Int32Array | undefined;

/** Compiles a scalar. What it then computes is what SQLite computes, or it throws `Fallback`. */
export function compileScalar(scalar: Scalar, context: ScalarContext): CompiledScalar {
  return new ScalarCompiler(context).vector(scalar);
}

/** Compiles a scalar of which only matters whether it is true. */
export function compileCondition(scalar: Scalar, context: ScalarContext): CompiledCondition {
  const truth = new ScalarCompiler(context).truth(scalar);
  return (batch) => rowsWhere(truth(batch), batch.count);
}
