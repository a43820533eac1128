import type { Call, Expression, Frame, FrameBound, OrderTerm, Select, Window } from "../../sql/tree.ts";
import { childrenOf } from "../../sql/children.ts";
import type { PlanContext } from "./context.ts";
import { expressionKey } from "../../bind/expression_key.ts";
import type { WindowFrame, WindowFunction, WindowPlan } from "../plan.ts";
import { widthOf } from "../plans.ts";
import { input, scalarKey } from "../scalars.ts";
import type { Scope } from "./scope.ts";
import { sortKeyOf } from "./sort_key.ts";
import { checkCollation, scalarOf, wholeNumberOf } from "./expression.ts";

const FUNCTIONS: ReadonlySet<string> = new Set<WindowFunction["name"]>([
  ...["row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead"] as const,
  ...["first_value", "last_value", "nth_value", "count", "sum", "total", "avg", "min", "max"] as const,
]);

/** Adds the window functions of expressions to a scope, as columns: those over the same window at once. */
export function addWindows(context: PlanContext, select: Select, shown: readonly Expression[], scope: Scope): void {
  const calls: Call[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === "call" && expression.over !== undefined) calls.push(expression);
    else if (expression.kind === "name") {
      const reference = context.bound.references.get(expression);
      if (reference?.kind === "item") visit(reference.item.expression);
    } else childrenOf(expression).forEach(visit);
  };
  shown.forEach(visit);
  const plans = new Map<string, Omit<WindowPlan, "kind" | "input"> & { functions: WindowFunction[]; calls: Call[] }>();
  for (const call of calls) {
    const { partitionBy, orderBy, frame } = resolved(context, select, call.over!);
    const partition = partitionBy.map((it) => scalarOf(context, it, scope));
    const order = orderBy.map((term) => sortKeyOf(term, scalarOf(context, term.expression, scope)));
    checkCollation(context, ...partitionBy, ...orderBy.map(({ expression }) => expression));
    const key = [...partition, ...order.map((it) => it.scalar)].map(scalarKey).join() +
      JSON.stringify([partition.length, order.map(({ descending, nullsFirst }) => [descending, nullsFirst])]);
    let plan = plans.get(key);
    if (plan === undefined) plans.set(key, plan = { partition, order, functions: [], calls: [] });
    const name = call.name.text.toLowerCase();
    if (!FUNCTIONS.has(name) || call.distinct) context.refuse(`the window function ${name}`, call);
    plan.calls.push(call);
    plan.functions.push({
      name: name as WindowFunction["name"],
      args: call.args.map((arg) => scalarOf(context, arg, scope)),
      filter: call.filter && scalarOf(context, call.filter, scope),
      frame: frameOf(context, frame, order.length > 0),
    });
  }
  for (const { calls, ...plan } of plans.values()) {
    const start = widthOf(scope.plan);
    scope.plan = { kind: "window", input: scope.plan, ...plan };
    calls.forEach((call, at) => scope.expressions.set(expressionKey(context.bound, call), input(start + at)));
  }
}

interface Definition {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderTerm[];
  readonly frame: Frame | undefined;
}

/** A window with what it takes over from the one that it names. */
function resolved(context: PlanContext, select: Select, window: Window): Definition {
  if (window.base === undefined) return window;
  const wanted = window.base.text.toLowerCase();
  const named = select.windows.find(({ name }) => name.text.toLowerCase() === wanted);
  if (named === undefined) {
    context.refuse(`the window ${window.base.text}`, window);
    return window;
  }
  const base = resolved(context, select, named.window);
  if (window.isReference) return base;
  const orderBy = base.orderBy.length > 0 ? base.orderBy : window.orderBy;
  return { partitionBy: base.partitionBy, orderBy, frame: window.frame };
}

function frameOf(context: PlanContext, frame: Frame | undefined, hasOrder: boolean): WindowFrame {
  const exclude = frame?.exclude?.toLowerCase() as WindowFrame["exclude"] | undefined;
  const unit = (frame?.unit.toLowerCase() ?? "range") as WindowFrame["unit"];
  if (frame === undefined) return { unit, from: -Infinity, to: hasOrder ? 0 : Infinity, exclude: "no others" };
  const bound = (it: FrameBound): number => {
    if (it.kind === "unbounded preceding") return -Infinity;
    if (it.kind === "unbounded following") return Infinity;
    if (it.kind === "current row") return 0;
    const offset = "offset" in it ? wholeNumberOf(context, it.offset) : 0;
    if (offset === undefined || offset < 0) context.refuse("a frame whose bound is not a whole number", frame);
    if (unit === "range") context.refuse("a RANGE frame with a distance", frame);
    return it.kind === "preceding" ? -(offset ?? 0) : offset ?? 0;
  };
  const to = frame.to === undefined ? 0 : bound(frame.to);
  return { unit, from: bound(frame.from), to, exclude: exclude ?? "no others" };
}
