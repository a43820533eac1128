import { compareTexts } from "../../../values/compare.ts";
import { radixOrder, sortBitsOf } from "./radix.ts";

/** So few texts are compared with each other. */
const FEW = 40;
/** One more than there are UTF-16 units: 0 is the end of a text. */
const UNITS = 65537;
const ASCENDING = { descending: false, nullsFirst: true };

/** The numbers of texts in their order as UTF-8 has it. */
export function orderOfTexts(texts: readonly string[]): Int32Array {
  const order = new Int32Array(texts.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  sortPart(texts, order, 0);
  return order;
}

/**
 * Sorts texts that have their first units in common: by the three units behind what all have in common, as one number; then
 * each part that has these in common too.
 */
function sortPart(texts: readonly string[], order: Int32Array, common: number): void {
  if (order.length <= FEW) {
    if (order.length > 1) order.sort((a, b) => compareTexts(texts[a], texts[b]));
    return;
  }
  const start = commonLength(texts, order, common);
  const keys = new Float64Array(order.length);
  for (let at = 0; at < order.length; at++) {
    const text = texts[order[at]];
    keys[at] = (unit(text, start) * UNITS + unit(text, start + 1)) * UNITS + unit(text, start + 2);
  }
  const sorted = radixOrder([sortBitsOf(keys, keys.length, ASCENDING)], keys.length);
  if (sorted !== undefined) {
    const before = order.slice();
    const keysBefore = keys.slice();
    for (let at = 0; at < sorted.length; at++) {
      order[at] = before[sorted[at]];
      keys[at] = keysBefore[sorted[at]];
    }
  }
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && keys[to] === keys[from]) to++;
    // Texts that end within these units are the same.
    if (to - from > 1 && keys[from] % UNITS !== 0) sortPart(texts, order.subarray(from, to), start + 3);
    from = to;
  }
}

function commonLength(texts: readonly string[], order: Int32Array, known: number): number {
  const first = texts[order[0]];
  let length = first.length;
  for (let at = 1; at < order.length && length > known; at++) {
    const text = texts[order[at]];
    let same = known;
    const most = Math.min(length, text.length);
    while (same < most && text.charCodeAt(same) === first.charCodeAt(same)) same++;
    length = same;
  }
  return Math.max(known, length);
}

/** A unit plus 1, so that it has its place in the order of UTF-8: halves of pairs are behind all others. */
function unit(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (code < 0xd800) return code + 1;
  return (code >= 0xe000 ? code - 0x800 : code + 0x2000) + 1;
}
