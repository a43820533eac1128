import { printExpression as printExpressionWith } from "./print/expression.ts";
import type { Printer, PrintHooks } from "./print/hooks.ts";
import { printQuery as printQueryWith } from "./print/query.ts";
import type { Expression, Query } from "./tree.ts";

export type { PrintHooks } from "./print/hooks.ts";
export { printValue } from "./print/literal.ts";

/** A query as SQL of SQLite, from the tree alone. */
export function printQuery(query: Query, hooks: PrintHooks = {}): string {
  return printQueryWith(printerOf(hooks), query);
}

/** An expression as SQL of SQLite, from the tree alone. */
export function printExpression(expression: Expression, hooks: PrintHooks = {}): string {
  return printerOf(hooks).expression(expression);
}

function printerOf(hooks: PrintHooks): Printer {
  const printer: Printer = {
    hooks,
    expression: (node, level) => printExpressionWith(printer, node, level),
    query: (node) => printQueryWith(printer, node),
  };
  return printer;
}
