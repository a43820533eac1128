import type { Frame, FrameBound, Window } from "../tree.ts";
import type { Printer } from "./hooks.ts";
import { printName } from "./name.ts";
import { printTerms } from "./terms.ts";

/** What stands behind a call. */
export function printOver(printer: Printer, window: Window): string {
  if (window.isReference && window.base !== undefined) return `OVER ${printName(window.base)}`;
  return `OVER ${printWindow(printer, window)}`;
}

/** A definition in parentheses. */
export function printWindow(printer: Printer, window: Window): string {
  const parts: string[] = [];
  if (window.base !== undefined) parts.push(printName(window.base));
  if (window.partitionBy.length > 0) {
    parts.push(`PARTITION BY ${window.partitionBy.map((expression) => printer.expression(expression)).join(", ")}`);
  }
  if (window.orderBy.length > 0) parts.push(`ORDER BY ${printTerms(printer, window.orderBy)}`);
  if (window.frame !== undefined) parts.push(printFrame(printer, window.frame));
  return `(${parts.join(" ")})`;
}

function printFrame(printer: Printer, { unit, from, to, exclude }: Frame): string {
  const bounds = to === undefined
    ? printBound(printer, from)
    : `BETWEEN ${printBound(printer, from)} AND ${printBound(printer, to)}`;
  return `${unit} ${bounds}${exclude === undefined ? "" : ` EXCLUDE ${exclude}`}`;
}

function printBound(printer: Printer, bound: FrameBound): string {
  const words = bound.kind.toUpperCase();
  return "offset" in bound ? `${printer.expression(bound.offset)} ${words}` : words;
}
