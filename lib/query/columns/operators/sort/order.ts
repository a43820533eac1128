import type { Vector } from "../../../vectors/vector.ts";
import { radixOrder, type SortBits, sortBitsOf } from "./radix.ts";
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
  const [first, ...others] = columns;
  // Texts are dear to compare, and often stand there only for numbers that are equal.
  if (first?.vector.kind === "number" && others.some(({ vector }) => vector.kind === "text" || vector.kind === "any")) {
    const [bits] = bitsOf(first, count);
    const order = radixOrder([bits], count);
    if (!hasEqual(bits, order, count)) return order;
  }
  return radixOrder(columns.flatMap((column) => bitsOf(column, count)), count);
}

/** None of a column in which all rows are equal. */
function bitsOf(column: OrderColumn, count: number): SortBits[] {
  const ranks = ranksOf(column.vector, count);
  return ranks === undefined ? [] : [sortBitsOf(ranks, count, column)];
}

/** Whether rows that follow each other in an order are equal. */
function hasEqual({ low, high }: SortBits, order: Int32Array | undefined, count: number): boolean {
  for (let at = 1; at < count; at++) {
    const a = order === undefined ? at - 1 : order[at - 1];
    const b = order === undefined ? at : order[at];
    if (low[a] === low[b] && high[a] === high[b]) return true;
  }
  return false;
}
