/** Instead of `removed` rows from row `at` on of the old answer stand these rows. */
export interface Change<Row> {
  readonly at: number;
  readonly removed: number;
  readonly rows: readonly Row[];
}

/**
 * What makes one list of rows of another, in the order of the old rows. Rows are compared by value, so texts of rows
 * serve well. Rows that stay are not named, unless they changed their order.
 */
export function diffRows<Row>(before: readonly Row[], after: readonly Row[]): Change<Row>[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  let [endBefore, endAfter] = [before.length, after.length];
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore--;
    endAfter--;
  }
  const ahead = new Map<Row, number>();
  for (let at = start; at < endAfter; at++) ahead.set(after[at], (ahead.get(after[at]) ?? 0) + 1);
  const behind = new Map<Row, number>();
  for (let at = start; at < endBefore; at++) behind.set(before[at], (behind.get(before[at]) ?? 0) + 1);
  const changes: { at: number; removed: number; rows: Row[] }[] = [];
  let open: { at: number; removed: number; rows: Row[] } | undefined;
  const change = (at: number) => {
    if (open === undefined) changes.push(open = { at, removed: 0, rows: [] });
    return open;
  };
  let [i, j] = [start, start];
  while (i < endBefore || j < endAfter) {
    if (i < endBefore && j < endAfter && before[i] === after[j]) {
      decrement(behind, before[i++]);
      decrement(ahead, after[j++]);
      open = undefined;
    } else if (j < endAfter && (i >= endBefore || !behind.get(after[j]))) {
      // It is new, or stands further up in the old answer, and is written again here.
      change(i).rows.push(after[j]);
      decrement(ahead, after[j++]);
    } else {
      change(i).removed++;
      decrement(behind, before[i++]);
    }
  }
  return changes;
}

function decrement<Row>(counts: Map<Row, number>, row: Row): void {
  counts.set(row, counts.get(row)! - 1);
}

/** The new rows of the old ones. Throws `RangeError` for changes that are of other rows. */
export function applyChanges<Row>(before: readonly Row[], changes: readonly Change<Row>[]): Row[] {
  const after: Row[] = [];
  let from = 0;
  for (const { at, removed, rows } of changes) {
    if (at < from || at + removed > before.length || removed < 0) {
      throw new RangeError(`Cannot apply a change at row ${at}: it belongs to other rows`);
    }
    for (; from < at; from++) after.push(before[from]);
    for (const row of rows) after.push(row);
    from += removed;
  }
  for (; from < before.length; from++) after.push(before[from]);
  return after;
}
