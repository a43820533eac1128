import type { Vector } from "../../../vectors/vector.ts";
import { radixOrder, sortBitsOf } from "./radix.ts";
import { ranksOf } from "./ranks.ts";

/** A column to sort by. */
export interface OrderColumn {
  readonly vector: Vector;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/**
 * The numbers of rows in the order of some columns; rows that are equal in all stay in their order. Undefined: they are in
 * that order already.
 */
export function orderOf(columns: readonly OrderColumn[], count: number): Int32Array | undefined {
  const keys = columns.flatMap((column) => {
    const ranks = ranksOf(column.vector, count);
    return ranks === undefined ? [] : [sortBitsOf(ranks, count, column)];
  });
  return radixOrder(keys, count);
}
