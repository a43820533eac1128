import type { Value } from "../values/value.ts";

/**
 * A column of a batch.
 *
 * - `constant`: the same value in every row.
 * - `number`: NaN is NULL. `integer`: whole numbers of at most 2^53, all INTEGER. `real`: all REAL. `numeric`: an INTEGER where
 *   the number is whole and at most 2^53, a REAL elsewhere, as in JSON.
 * - `text`: codes of words, -1 is NULL. A word may stand more than once in `words`, and need not be used.
 * - `any`: values one by one.
 */
export type Vector =
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "number"; readonly type: NumberType; readonly data: Float64Array }
  | { readonly kind: "text"; readonly codes: Int32Array; readonly words: readonly string[] }
  | { readonly kind: "any"; readonly values: readonly Value[] };

export type NumberType = "integer" | "real" | "numeric";

/** Some rows, column by column. Arrays may be longer than `count`; they must not be changed. */
export interface Batch {
  readonly count: number;
  readonly columns: readonly Vector[];
}

/** About so many rows are in a batch, where they can be chosen. */
export const BATCH_ROWS = 8192;
