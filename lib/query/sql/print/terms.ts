import type { Expression, OrderTerm } from "../tree.ts";
import type { Printer } from "./hooks.ts";

/** The terms of an ORDER BY in a window or an aggregate, which know no aliases and no numbers. */
export function printTerms(printer: Printer, terms: readonly OrderTerm[]): string {
  return terms.map((term) => printer.expression(term.expression) + direction(term)).join(", ");
}

/** The terms of a query's ORDER BY. */
export function printQueryTerms(printer: Printer, terms: readonly OrderTerm[]): string {
  return terms.map((term) => printMeaning(printer, term.expression) + direction(term)).join(", ");
}

/** The terms of GROUP BY. */
export function printGroups(printer: Printer, terms: readonly Expression[]): string {
  return terms.map((term) => printMeaning(printer, term)).join(", ");
}

function printMeaning(printer: Printer, expression: Expression): string {
  return printer.hooks.term?.(expression, printer.expression) ?? printer.expression(expression);
}

function direction({ descending, nulls }: OrderTerm): string {
  return (descending ? " DESC" : "") + (nulls === undefined ? "" : ` NULLS ${nulls.toUpperCase()}`);
}
