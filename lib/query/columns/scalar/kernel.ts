import type { Scalar } from "../../plan/plan.ts";
import type { Batch, Vector } from "../../vectors/vector.ts";
import type { ScalarContext } from "./context.ts";
import type { Truth } from "./state.ts";

/** Computes a scalar for the rows of a batch: a vector of `batch.count` rows, or a constant one. */
export type Kernel = (batch: Batch) => Vector;

/** Computes only whether a scalar is true in the rows of a batch. */
export type TruthKernel = (batch: Batch) => Truth;

/** What makes kernels of the parts of a scalar. */
export interface Compiler {
  readonly context: ScalarContext;
  vector(scalar: Scalar): Kernel;
  truth(scalar: Scalar): TruthKernel;
  /** Whether a scalar occurs more than once, so that its vectors are given to more than one. */
  isShared(scalar: Scalar): boolean;
}
