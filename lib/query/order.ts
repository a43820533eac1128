import type { Cell } from "./cell.ts";

/** Whether JavaScript's order of these texts is that of their bytes, as SQLite has it. */
export function isOrderable(cells: readonly Cell[]): boolean {
  return !cells.some((cell) => typeof cell === "string" && /[\ud800-\udfff]/.test(cell));
}

/** As SQLite orders: NULL, numbers, texts. */
export function compareCells(a: Cell, b: Cell, descending: boolean, nullsLast: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsLast ? 1 : -1;
  if (a === b) return 0;
  const less = typeof a === typeof b ? a < b : typeof a === "number";
  return less === descending ? 1 : -1;
}
