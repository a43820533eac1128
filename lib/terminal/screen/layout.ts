import type { Box } from "./cells.ts";

/** How much of a length a part of it gets: a fixed number of cells, or a share of what is left, but not less than `least`. */
export type Share = number | { readonly share: number; readonly least?: number };

/** Lengths for shares of a whole. Parts for which there is no room any more, from the last one on, get nothing. */
export function divide(whole: number, shares: readonly Share[]): number[] {
  const least = shares.map((part) => typeof part === "number" ? part : part.least ?? 1);
  let count = shares.length;
  while (count > 1 && sum(least.slice(0, count)) > whole) count--;
  const kept = shares.slice(0, count);
  const lengths = kept.map((part, at) => typeof part === "number" ? Math.min(part, whole) : least[at]);
  let left = whole - sum(lengths);
  const flexible = kept.flatMap((part, at) => typeof part === "number" ? [] : [{ at, share: part.share }]);
  // A share that has more than its part already, because of its least, leaves the rest to the others.
  const open = new Set(flexible);
  while (open.size > 0 && left > 0) {
    const room = left + sum([...open].map(({ at }) => lengths[at]));
    const all = sum([...open].map(({ share }) => share));
    const full = [...open].filter(({ at, share }) => lengths[at] > room * share / all);
    if (full.length > 0) {
      for (const part of full) open.delete(part);
      continue;
    }
    let given = 0;
    let shareSoFar = 0;
    for (const { at, share } of open) {
      shareSoFar += share;
      const end = Math.round(room * shareSoFar / all);
      lengths[at] = end - given;
      given = end;
    }
    left = 0;
  }
  if (flexible.length === 0 || lengths.some((length) => length < 0)) return padded(lengths, shares.length);
  return padded(lengths.map((length) => Math.max(0, Math.min(length, whole))), shares.length);
}

/** Boxes one above the other. */
export function rowsOf(box: Box, shares: readonly Share[]): Box[] {
  let row = box.row;
  return divide(box.rows, shares).map((rows) => {
    const part = { ...box, row, rows };
    row += rows;
    return part;
  });
}

/** Boxes side by side. */
export function columnsIn(box: Box, shares: readonly Share[]): Box[] {
  let column = box.column;
  return divide(box.columns, shares).map((columns) => {
    const part = { ...box, column, columns };
    column += columns;
    return part;
  });
}

/** How many boxes of a least size a box has room for in a grid, and those boxes, row by row, at most `count`. */
export function gridIn(box: Box, count: number, least: { readonly columns: number; readonly rows: number }): Box[] {
  const across = Math.max(1, Math.floor(box.columns / least.columns));
  const down = Math.max(1, Math.floor(box.rows / least.rows));
  if (count <= 0 || box.columns <= 0 || box.rows <= 0) return [];
  const shown = Math.min(count, across * down);
  // As many columns as keep the boxes wide: of two, one below the other is read more easily than two narrow ones.
  let columns = 1;
  while (columns < across && Math.ceil(shown / columns) > down) columns++;
  while (columns < Math.min(across, shown) && box.columns / (columns + 1) >= least.columns * 1.4) columns++;
  const rows = Math.ceil(shown / columns);
  const even = (parts: number) => Array.from({ length: parts }, () => ({ share: 1 }));
  return rowsOf(box, even(rows)).flatMap((row) => columnsIn(row, even(columns))).slice(0, shown);
}

/** Whether a cell lies in a box. */
export function contains({ column, row, columns, rows }: Box, x: number, y: number): boolean {
  return x >= column && x < column + columns && y >= row && y < row + rows;
}

function padded(lengths: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, at) => lengths[at] ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
