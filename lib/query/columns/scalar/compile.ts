import type { Value } from "../../result/value.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Scalar } from "../../plan/scalar.ts";
import type { SqlDatabase } from "../../sqlite/database.ts";
import type { Batch, Vector } from "../vector.ts";

/** What expressions need beside their rows. Plans do not depend on the row; each is asked for at the first batch, once. */
export interface ScalarContext {
  /** The first column of the first row; NULL without a row. */
  subquery(plan: Plan): Value;
  exists(plan: Plan): boolean;
  /** The first column of all rows. */
  set(plan: Plan): readonly Value[];
  /** A database with all functions, for those that only SQLite computes. */
  sqlite(): SqlDatabase;
}

/** An expression made ready. */
export interface CompiledScalar {
  /** The value in each row. The vector may be the batch's own or a new one, and is never written to again. */
  run(batch: Batch): Vector;
}

/** Makes an expression ready to be computed batch by batch. An error that SQLite would report is thrown as a `Fallback`. */
export function compileScalar(_scalar: Scalar, _context: ScalarContext): CompiledScalar {
  throw new Error("to come");
}
