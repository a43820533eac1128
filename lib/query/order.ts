import type { Cell } from "./result/cell.ts";

/** Whether JavaScript's order of these texts is that of their bytes, as SQLite has it. */
export function isOrderable(cells: readonly Cell[]): boolean {
  return !cells.some((cell) => typeof cell === "string" && /[\ud800-\udfff]/.test(cell));
}

/** As SQLite orders: NULL, numbers, texts. */
function compareCells(a: Cell, b: Cell, descending: boolean, nullsLast: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  if (a === b) return 0;
  const less = typeof a === typeof b ? a < b : typeof a === "number";
  return less === descending ? 1 : -1;
}

/** A column to sort by. */
export interface OrderKey {
  readonly cells: readonly Cell[];
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** The first `most` of so many rows, in order; equal ones as they come. */
export function sorted(count: number, keys: readonly OrderKey[], most: number): number[] {
  const compare = (a: number, b: number): number => {
    for (const { cells, descending, nullsLast } of keys) {
      const compared = compareCells(cells[a], cells[b], descending, nullsLast);
      if (compared !== 0) return compared;
    }
    return a - b;
  };
  const order: number[] = [];
  if (keys.length === 0 || most * 8 > count) {
    for (let row = 0; row < count; row++) order.push(row);
    if (keys.length > 0) order.sort(compare);
    return order.slice(0, most);
  }
  // Of a few rows at the top, most others are seen at once not to be one.
  for (let row = 0; row < count; row++) {
    if (order.length >= most && compare(row, order[order.length - 1]) >= 0) continue;
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(row, order[middle]) < 0) high = middle;
      else low = middle + 1;
    }
    order.splice(low, 0, row);
    if (order.length > most) order.pop();
  }
  return order;
}
