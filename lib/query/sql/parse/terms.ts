import type { OrderTerm } from "../tree.ts";
import type { Cursor } from "./cursor.ts";

/** What stands behind ORDER BY. */
export function parseTerms(cursor: Cursor): OrderTerm[] {
  return cursor.list(() => {
    const expression = cursor.expression();
    const descending = cursor.accept("DESC");
    if (!descending) cursor.accept("ASC");
    return { expression, descending, nulls: parseNulls(cursor) };
  });
}

function parseNulls(cursor: Cursor): OrderTerm["nulls"] {
  if (!cursor.accept("NULLS")) return undefined;
  if (cursor.accept("FIRST")) return "first";
  return cursor.accept("LAST") ? "last" : cursor.fail("FIRST or LAST");
}
