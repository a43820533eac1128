import type { Expressions } from "./expressions.ts";
import type { Scope } from "./scope.ts";

/** Frames that cost the same for each row. */
const SHORT_FRAMES = ["", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", " ROWS UNBOUNDED PRECEDING"];

const FRAMES = [
  ...SHORT_FRAMES,
  " GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
  " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
  " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW",
  " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES",
  " ROWS BETWEEN 3 PRECEDING AND 1 PRECEDING",
  " GROUPS BETWEEN CURRENT ROW AND 2 FOLLOWING EXCLUDE GROUP",
];

/** Frames by distance: they hold all rows of equal values. */
const RANGES = [
  "RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING",
  "DESC RANGE BETWEEN 0.5 PRECEDING AND CURRENT ROW",
  "RANGE UNBOUNDED PRECEDING",
  "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE GROUP",
  "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING",
];

/** Its definition, and whether it goes over a whole partition or in an order that leaves nothing open. */
function definition(make: Expressions, { own, times, depth }: Scope): string {
  const scope: Scope = { own, outer: [], times, depth };
  const { choose } = make;
  const keys = Array.from({ length: 1 + choose.below(2) }, () => choose.column(scope));
  const partition = choose.chance(0.6) ? `PARTITION BY ${keys.join(", ")} ` : "";
  const term = `${make.any(scope, 1)}${choose.pick(["", " DESC", " COLLATE NOCASE", " NULLS LAST"])}`;
  return `${partition}ORDER BY ${term}, ${choose.ids(own).join(", ")}`;
}

/** A window function, and the WINDOW clause that it needs. Of a long table, frames are short. */
export function windowOf(
  make: Expressions,
  scope: Scope,
  isLong: boolean,
): { readonly sql: string; readonly clause: string } {
  const { choose } = make;
  const own: Scope = { ...scope, outer: [] };
  const of = choose.column(own, "number", "whole");
  const any = choose.column(own);
  const name = choose.pick([
    ...["row_number()", "rank()", "dense_rank()", "ntile(3)", "percent_rank()", "cume_dist()"],
    ...[`lag(${any})`, `lead(${of}, 2, 0)`, `lag(${any}, 0)`, `lead(${any}, 1, 'none')`],
    ...["count(*)", `sum(${of})`, `min(${any})`, `max(${of})`, `avg(${of})`, `total(${of})`, `count(${any})`],
    ...[`first_value(${any})`, `last_value(${of})`, `nth_value(${any}, 2)`, `median(${choose.column(own, "whole")})`],
  ]);
  const isAggregate = /^(count|sum|min|max|avg|total|median)/.test(name);
  const takesFrame = isAggregate || /^(first|last|nth)_value/.test(name);
  const filter = isAggregate && choose.chance(0.2) ? ` FILTER (WHERE ${make.condition(own, 1)})` : "";
  if (isAggregate && choose.chance(0.25)) {
    const over = choose.pick(["", `PARTITION BY ${choose.column(own)}`]);
    return { sql: `${name}${filter} OVER (${over})`, clause: "" };
  }
  if (isAggregate && !isLong && !/^(sum|avg|total)/.test(name) && choose.chance(0.15)) {
    const range = choose.pick(RANGES);
    return { sql: `${name}${filter} OVER (ORDER BY ${choose.column(own, "number", "whole")} ${range})`, clause: "" };
  }
  const frame = takesFrame ? choose.pick(isLong ? SHORT_FRAMES : FRAMES) : "";
  const window = definition(make, scope);
  switch (choose.below(5)) {
    case 0:
      return { sql: `${name}${filter} OVER w`, clause: ` WINDOW w AS (${window}${frame})` };
    case 1:
      return { sql: `${name}${filter} OVER (w${frame})`, clause: ` WINDOW w AS (${window})` };
  }
  return { sql: `${name}${filter} OVER (${window}${frame})`, clause: "" };
}
