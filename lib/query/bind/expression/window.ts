import type { Expression, Select, Window } from "../../sql/tree.ts";
import { expressionsOfWindow } from "../../sql/walk.ts";
import { didYouMean } from "../../../base/suggest.ts";
import type { BindContext } from "../scope/context.ts";
import type { Scope } from "../scope/scope.ts";

type Bind = (context: BindContext, scope: Scope, expression: Expression) => void;

/** Binds what a window partitions and orders by, and the windows that it goes on from. */
export function bindWindow(context: BindContext, scope: Scope, window: Window, bind: Bind): void {
  expressionsOfWindow(window).forEach((expression) => bind(context, scope, expression));
  const base = window.base === undefined ? undefined : namedWindow(context, scope.select, window);
  checkDistance(context, scope, window);
  if (base === undefined) return;
  checkExtension(context, window, base);
  // As in SQLite a definition is read where it is used: in the columns without aliases, in ORDER BY with them.
  if (scope.windows.has(base)) return;
  scope.windows.add(base);
  bindWindow(context, scope, base, bind);
}

function namedWindow(context: BindContext, select: Select | undefined, { base }: Window): Window {
  const named = select?.windows ?? [];
  const wanted = base!.text.toLowerCase();
  const found = named.findLast(({ name }) => name.text.toLowerCase() === wanted);
  if (found !== undefined) return found.window;
  const hint = didYouMean(base!.text, named.map(({ name }) => name.text));
  context.fail(`Cannot find the window "${base!.text}"${hint || ": define it by WINDOW … AS (…)"}`, base!);
}

/** A distance of values needs one value to measure it. */
function checkDistance(context: BindContext, { select }: Scope, window: Window): void {
  const { frame } = window;
  const isFar = frame?.unit === "RANGE" &&
    [frame.from, frame.to].some((bound) => bound !== undefined && "offset" in bound);
  if (!isFar) return;
  let count = 0;
  const seen = new Set<Window>();
  for (let at: Window | undefined = window; at !== undefined && !seen.has(at);) {
    seen.add(at);
    count += at.orderBy.length;
    at = at.base === undefined ? undefined : namedWindow(context, select, at);
  }
  if (count !== 1) context.fail("Cannot use a RANGE with a distance without exactly one expression in ORDER BY", frame);
}

function checkExtension(context: BindContext, window: Window, base: Window): void {
  if (window.isReference) return;
  const what = window.partitionBy.length > 0
    ? "PARTITION BY"
    : base.orderBy.length > 0 && window.orderBy.length > 0
    ? "ORDER BY"
    : base.frame !== undefined
    ? "the frame"
    : undefined;
  if (what !== undefined) context.fail(`Cannot override ${what} of the window "${window.base!.text}"`, window.base!);
}
