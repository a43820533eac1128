import type { Value } from "../../values/value.ts";
import { quoteText } from "../quote.ts";
import type { Literal } from "../tree.ts";

/** A literal as SQLite reads it: the same value of the same type. */
export function printLiteral(node: Literal): string {
  return node.word ?? printValue(node.value);
}

/** Reals keep a fraction or an exponent; texts that SQL cannot hold as they are go as bytes. NaN is NULL, as in SQLite. */
export function printValue(value: Value): string {
  if (value === null) return "NULL";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") {
    return value.includes("\0") ? `CAST(x'${new TextEncoder().encode(value).toHex()}' AS TEXT)` : quoteText(value);
  }
  if (typeof value !== "number") return `x'${value.toHex()}'`;
  if (Number.isNaN(value)) return "NULL";
  if (!Number.isFinite(value)) return value > 0 ? "9e999" : "-9e999";
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
