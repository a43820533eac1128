import type { Call, Expression, OrderTerm } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { nameOf, parseName } from "./names.ts";
import { parseTerms } from "./terms.ts";
import { parseOver } from "./window.ts";

/** `f(x)`, `count(*)`, `sum(DISTINCT x) FILTER (WHERE …) OVER (…)`, `group_concat(x, ',' ORDER BY y)` */
export function parseCall(cursor: Cursor): Call {
  const name = parseName(cursor, "the name of a function");
  let star = false;
  let distinct = false;
  let args: readonly Expression[] = [];
  let orderBy: readonly OrderTerm[] = [];
  cursor.parenthesized(() => {
    if (cursor.word() === "*" && cursor.word(1) === ")") {
      cursor.take();
      star = true;
      return;
    }
    distinct = cursor.accept("DISTINCT");
    if (!distinct) cursor.accept("ALL");
    if (cursor.word() !== ")" && cursor.word() !== "ORDER") args = cursor.list(() => cursor.expression());
    if (cursor.accept("ORDER", "BY")) orderBy = parseTerms(cursor);
  });
  const filter = parseFilter(cursor);
  const isOver = cursor.word() === "OVER" &&
    (cursor.word(1) === "(" || nameOf(cursor.token(1), cursor.word(1)) !== undefined);
  const over = isOver ? parseOver(cursor) : undefined;
  const { start } = name;
  return cursor.heights.note({
    kind: "call",
    name,
    args,
    star,
    distinct,
    orderBy,
    filter,
    over,
    start,
    end: cursor.end,
  });
}

function parseFilter(cursor: Cursor): Expression | undefined {
  if (!cursor.accept("FILTER", "(")) return undefined;
  cursor.expect("WHERE");
  const filter = cursor.nested(() => cursor.expression());
  cursor.expect(")");
  return filter;
}
