import type { OrderTerm } from "../../sql/tree.ts";
import type { Scalar, SortKey } from "../plan.ts";

/** What an ORDER BY sorts by: NULL is the least. */
export function sortKeyOf({ descending, nulls }: OrderTerm, scalar: Scalar): SortKey {
  return { scalar, descending, nullsFirst: nulls === undefined ? !descending : nulls === "first" };
}
