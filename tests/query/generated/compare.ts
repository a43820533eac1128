import type { QueryValue } from "../../../lib/query/result/answer.ts";

/** The rows of an answer; a text is why there is none. */
export type Found = readonly QueryValue[][] | string;

/** A row as text. Reals to twelve digits, because engines add up in different orders; NaN is NULL. */
export function rowText(row: readonly QueryValue[]): string {
  return row.map((value) => {
    if (value === null || (typeof value === "number" && Number.isNaN(value))) return "NULL";
    if (typeof value === "string") return `'${value}'`;
    if (value instanceof Uint8Array) return `x${value.toHex()}`;
    if (typeof value === "bigint") return BigInt.asIntN(54, value) === value ? String(Number(value)) : String(value);
    const isExact = Number.isInteger(value) && Math.abs(value) <= 2 ** 53;
    return isExact ? String(value) : String(Number(value.toPrecision(12)));
  }).join(" | ");
}

/**
 * Mistakes in the data, which only some ways to the answer meet; and what SQLite takes for the number of a column, because it
 * has computed it before it looked: `GROUP BY 1 IS NULL`.
 */
const MET = /term out of range|integer overflow|Inf input|not numeric|malformed JSON|JSON cannot hold|too big/;

/** How two answers differ, as text; undefined where they are the same. What is said where there is none is not compared. */
export function difference(expected: Found, found: Found, isOrdered: boolean): string | undefined {
  if (typeof expected === "string" && typeof found === "string") return undefined;
  if (typeof expected === "string" && MET.test(expected)) return undefined;
  const [a, b] = [expected, found].map((it) => typeof it === "string" ? [it] : it.map(rowText));
  if (!isOrdered && typeof expected !== "string" && typeof found !== "string") {
    a.sort();
    b.sort();
  }
  const at = a.findIndex((row, at) => row !== b[at]);
  if (at < 0 && a.length === b.length && typeof expected === typeof found) return undefined;
  const from = Math.max(0, at < 0 ? Math.min(a.length, b.length) : at);
  const shown = (rows: readonly string[]) => rows.slice(from, from + 4).map((row) => `    ${row}`).join("\n");
  return `  expected ${a.length} rows, from ${from}\n${shown(a)}\n  found ${b.length} rows\n${shown(b)}`;
}
