import type { Call, Expression } from "../../sql/tree.ts";
import { walk } from "../../sql/walk.ts";
import type { BindContext } from "../scope/context.ts";
import { type Signature, signaturesOf } from "../scope/function_signatures.ts";
import { unknownFunction } from "../hints/unknown_function.ts";
import type { Scope } from "../scope/scope.ts";
import { bindWindow } from "./window.ts";

/** Binds an expression of width 1. */
type Bind = (context: BindContext, scope: Scope, expression: Expression) => void;

/** Binds a call: a scalar function, an aggregate, or a window function. */
export function bindCall(context: BindContext, scope: Scope, call: Call, bind: Bind): void {
  const signature = signatureOf(context, call);
  const name = call.name.text;
  const { over, filter, orderBy, args } = call;
  if (signature.kind === "scalar") {
    if (over !== undefined) context.fail(`Cannot use ${name}() with OVER: it is not a window function`, call);
    if (filter !== undefined) context.fail(`Cannot use ${name}() with FILTER: it is not an aggregate`, call);
    if (orderBy.length > 0) context.fail(`Cannot use ${name}() with ORDER BY: it is not an aggregate`, call);
    args.forEach((arg) => bind(context, scope, arg));
  } else if (over !== undefined) bindOver(context, scope, call, signature, bind);
  else if (signature.kind === "window") {
    context.fail(`Cannot use ${name}() without OVER: write ${name}(…) OVER (ORDER BY …)`, call);
  } else bindAggregate(context, scope, call, bind);
}

function signatureOf(context: BindContext, call: Call): Signature {
  const name = call.name.text.toLowerCase();
  const all = signaturesOf(name);
  if (all.length === 0) throw unknownFunction(context, call);
  const count = call.args.length;
  const found = all.find(({ least, most }) => count >= least && count <= most);
  if (call.star && name !== "count") context.fail(`Cannot use * in ${call.name.text}(): only count takes it`, call);
  if (found !== undefined) return found;
  const least = Math.min(...all.map((one) => one.least));
  const most = Math.max(...all.map((one) => one.most));
  const wanted = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  context.fail(
    `Cannot call ${call.name.text}() with ${count} argument${count === 1 ? "" : "s"}: it takes ${wanted}`,
    call,
  );
}

function bindOver(context: BindContext, scope: Scope, call: Call, { kind }: Signature, bind: Bind): void {
  const name = call.name.text;
  const { place } = scope;
  if (!place.windows) {
    const way = place.where === "in WHERE" || place.where === "in HAVING" ? ": put the SELECT into FROM (…)" : "";
    context.fail(`Cannot use the window function ${name}() ${place.where}${way}`, call);
  }
  if (call.distinct) context.fail(`Cannot use DISTINCT in a window function`, call);
  if (call.orderBy.length > 0) context.fail(`Cannot use ORDER BY within the arguments of a window function`, call);
  if (kind === "window" && call.filter !== undefined) {
    context.fail(`Cannot use FILTER with ${name}(): only aggregates take it`, call);
  }
  scope.within({ ...place, windows: false, where: "within another window function" }, () => {
    call.args.forEach((arg) => bind(context, scope, arg));
    if (call.filter !== undefined) bind(context, scope, call.filter);
    bindWindow(context, scope, call.over!, bind);
  });
}

function bindAggregate(context: BindContext, scope: Scope, call: Call, bind: Bind): void {
  const name = call.name.text;
  const { args, orderBy, filter } = call;
  const { place } = scope;
  if (call.distinct && args.length !== 1) {
    context.fail(`Cannot use DISTINCT in ${name}() of more than one argument`, call);
  }
  const parts = [...args, ...orderBy.map(({ expression }) => expression), ...filter === undefined ? [] : [filter]];
  const inside = `within the aggregate ${name}()`;
  // Where no aggregate may stand, only what is of an outer query can make it right: that is known from its arguments.
  scope.within({ aggregates: false, windows: false, where: inside }, () => {
    parts.forEach((part) => bind(context, scope, part));
  });
  const owner = ownerOf(context, scope, parts);
  const at = owner === scope ? place : owner.place;
  if (!at.aggregates) {
    const way = at.where === "in WHERE" ? ": use HAVING, or a subquery" : "";
    context.fail(`Cannot use the aggregate ${name}() ${at.where}${way}`, call);
  }
  context.aggregates.add(call);
  owner.hasAggregate = true;
}

/** The SELECT over whose rows an aggregate is: the innermost one that its arguments name, else the one that it stands in. */
function ownerOf(context: BindContext, scope: Scope, parts: readonly Expression[]): Scope {
  const named = new Set<Scope>();
  const add = (expression: Expression): void => {
    walk(expression, (node) => {
      const found = node.kind === "name" ? context.scopes.get(node) : undefined;
      if (found !== undefined) named.add(found);
    });
  };
  parts.forEach(add);
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) if (named.has(at)) return at;
  return scope;
}
