import type { Literal, Parameter } from "../tree.ts";
import type { Cursor } from "./cursor.ts";

const MAX_INTEGER = 2n ** 63n - 1n;

/** The integer that only its minus makes fit into 64 bits. */
export const BORDER = 2n ** 63n;

/** NULL, TRUE, CURRENT_TIME …; undefined where another word stands here. */
export function parseWord(cursor: Cursor): Literal | undefined {
  const { start } = cursor;
  const word = cursor.word();
  const next = cursor.word(1);
  switch (word) {
    case "NULL":
      cursor.take();
      return { kind: "literal", value: null, start, end: cursor.end };
    case "TRUE":
    case "FALSE":
      if (next === "." || next === "(") return undefined;
      cursor.take();
      return { kind: "literal", value: word === "TRUE" ? 1n : 0n, word, start, end: cursor.end };
    case "CURRENT_TIME":
    case "CURRENT_DATE":
    case "CURRENT_TIMESTAMP":
      cursor.take();
      return { kind: "literal", value: null, word, start, end: cursor.end };
  }
}

/** A text, number or blob. */
export function parseLiteral(cursor: Cursor): Literal {
  const { start, end, kind, raw, value } = cursor.take();
  if (kind === "text") return { kind: "literal", value, start, end };
  if (kind === "blob") return { kind: "literal", value: Uint8Array.fromHex(value), start, end };
  return { kind: "literal", value: numberOf(cursor, raw, start), start, end };
}

export function parseParameter(cursor: Cursor): Parameter {
  const { start, end, raw } = cursor.take();
  return { kind: "parameter", name: raw.slice(1), raw, start, end };
}

/** Whether a text, which may stand in parentheses, is the integer at the border of 64 bits. */
export function isBorder(text: string): boolean {
  const digits = text.replace(/[\s()_]/g, "");
  return /^\d+$/.test(digits) && BigInt(digits) === BORDER;
}

/** Integers beyond 64 bits are REAL; hexadecimal ones are the 64 bits themselves. */
function numberOf(cursor: Cursor, raw: string, position: number): bigint | number {
  const digits = raw.replaceAll("_", "");
  if (/^0x/i.test(digits)) {
    if (digits.slice(2).replace(/^0+/, "").length > 16) cursor.refuse(`hex literal too big: ${raw}`, position);
    return BigInt.asIntN(64, BigInt(digits));
  }
  if (!/^\d+$/.test(digits)) return Number(digits);
  const value = BigInt(digits);
  return value > MAX_INTEGER ? Number(digits) : value;
}
