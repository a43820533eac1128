import type { Value } from "./value.ts";

/** The place of a storage class in SQLite's order. */
function rank(value: Value): number {
  if (value === null) return 0;
  if (typeof value === "string") return 2;
  return typeof value === "object" ? 3 : 1;
}

/** SQLite's order: NULL, numbers by their exact values, texts and then blobs by bytes. Two NULLs are equal. */
export function compareValues(a: Value, b: Value): number {
  const of = rank(a);
  const difference = of - rank(b);
  if (difference !== 0 || of === 0) return difference;
  if (of === 1) {
    const x = a as number;
    const y = b as number;
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return of === 2 ? compareTexts(a as string, b as string) : compareBytes(a as Uint8Array, b as Uint8Array);
}

/** The order of texts as UTF-8 has it. JavaScript's own differs where one of two characters is beyond U+FFFF. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Halves of pairs stand for what is beyond U+FFFF, though their codes are smaller than those from U+E000.
    if (x >= 0xd800 && y >= 0xd800) {
      return (x >= 0xe000 ? x - 0x2000 : x + 0x800) - (y >= 0xe000 ? y - 0x2000 : y + 0x800);
    }
    return x - y;
  }
  return a.length - b.length;
}

/** The order of blobs. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    if (a[i] !== b[i]) return a[i] - b[i];
  }
  return a.length - b.length;
}
