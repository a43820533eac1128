import type { Value } from "./value.ts";
import { MAX_INTEGER, MIN_INTEGER, readInteger, readNumber } from "./number_text.ts";
import { realText } from "./real_text.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of a value that is not NULL. The bytes of a blob are taken for UTF-8. */
export function toText(value: Exclude<Value, null>): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return realText(value);
  if (typeof value === "bigint") return value.toString();
  return decoder.decode(value);
}

/** The bytes of a value that is not NULL: those of a blob, or of its text. */
export function toBytes(value: Exclude<Value, null>): Uint8Array {
  return value instanceof Uint8Array ? value : encoder.encode(toText(value));
}

/** What arithmetic computes with: of a text or blob the number that it begins with. */
export function toNumeric(value: Exclude<Value, null>): bigint | number {
  if (typeof value === "bigint" || typeof value === "number") return value;
  return readNumber(toText(value)).value;
}

/** A value as a REAL. */
export function toReal(value: Exclude<Value, null>): number {
  if (typeof value === "number") return value;
  const x = Number(toNumeric(value));
  // The 0 of a text may have a sign.
  return x === 0 && typeof value !== "bigint" && /^[ \t\n\v\f\r]*-0/.test(toText(value)) ? -0 : x;
}

/** A value as an INTEGER: reals are cut and held within 64 bits, of texts counts what looks like a whole number. */
export function toInteger(value: Exclude<Value, null>): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return cut(value);
  return readInteger(toText(value));
}

function cut(x: number): bigint {
  if (x >= 2 ** 63) return MAX_INTEGER;
  if (x < -(2 ** 63)) return MIN_INTEGER;
  return BigInt(Math.trunc(x));
}

/** Whether a value counts as true; undefined: NULL. */
export function truth(value: Value): boolean | undefined {
  if (value === null) return undefined;
  if (typeof value === "bigint") return value !== 0n;
  return toReal(value) !== 0;
}

/** The conversion that a comparison makes: of texts that are numbers, or of numbers to texts. */
export function applyAffinity(to: "text" | "numeric" | "integer" | "real" | "none", value: Value): Value {
  if (to === "none" || value === null) return value;
  if (to === "text") return typeof value === "bigint" || typeof value === "number" ? toText(value) : value;
  return typeof value === "string" ? numberOf(value) ?? value : value;
}

/** What a text means that is a number from end to end; undefined for others. */
export function numberOf(text: string): bigint | number | undefined {
  const read = readNumber(text);
  return read.whole ? read.value : undefined;
}

/** Whole numbers up to here are made INTEGERs by CAST AS NUMERIC. */
const MAX_EXACT_INTEGER = 2 ** 51;

/** `CAST(value AS …)` */
export function cast(to: "integer" | "real" | "text" | "numeric" | "blob", value: Value): Value {
  if (value === null) return null;
  switch (to) {
    case "integer":
      return toInteger(value);
    case "real":
      return toReal(value);
    case "text":
      return toText(value);
    case "blob":
      return toBytes(value);
    case "numeric": {
      if (typeof value === "bigint" || typeof value === "number") return value;
      const x = toNumeric(value);
      return typeof x === "number" && Number.isInteger(x) && Math.abs(x) < MAX_EXACT_INTEGER ? BigInt(x) : x;
    }
  }
}
