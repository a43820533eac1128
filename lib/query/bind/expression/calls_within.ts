import type { Expression } from "../../sql/tree.ts";
import { childrenOf, type Node } from "../../sql/walk.ts";
import type { BindContext } from "../scope/context.ts";

/** Whether an expression itself, not a query in it, has an aggregate. */
export function holdsAggregate(context: BindContext, expression: Expression): boolean {
  return holds(expression, (part) => part.kind === "call" && context.aggregates.has(part));
}

/** Whether an expression itself, not a query in it, has a window function. */
export function holdsWindow(expression: Expression): boolean {
  return holds(expression, (part) => part.kind === "call" && part.over !== undefined);
}

function holds(node: Node, test: (node: Node) => boolean): boolean {
  if (node.kind === "query") return false;
  return test(node) || childrenOf(node).some((child) => holds(child, test));
}
