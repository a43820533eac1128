/** What is known of the columns of a table, by their positions. */
export interface TableColumns {
  readonly widths: readonly number[];
  readonly isEmpty: readonly boolean[];
  readonly isNumber: readonly boolean[];
}

/** The columns of a table that a terminal has room for. */
export interface FittedColumns {
  /** The positions of those that are shown. */
  readonly columns: readonly number[];
  /** How wide each column is then, by its position. */
  readonly widths: readonly number[];
  /** How many columns with something in them are not shown. */
  readonly more: number;
}

/** What stands between two columns. */
const GAP = 2;

/** A text is not cut to less than this. */
const MIN_CUT = 16;

/**
 * Chooses the columns of a table for a width. If not all fit, those without anything in them go first, then the last ones;
 * a column of texts at which the room ends is cut if enough of it stays.
 */
export function fitted({ widths, isEmpty, isNumber }: TableColumns, room: number): FittedColumns {
  const all = [...widths.keys()];
  if (all.reduce((sum, at) => sum + GAP + widths[at], -GAP) <= room) return { columns: all, widths, more: 0 };
  const filled = all.filter((at) => !isEmpty[at]);
  const columns: number[] = [];
  const cut = [...widths];
  let left = room;
  for (const at of filled.length > 0 ? filled : all) {
    if (widths[at] > left) {
      const canCut = !isNumber[at] && (left >= MIN_CUT || columns.length === 0);
      if (canCut) cut[at] = Math.max(1, left);
      if (canCut || columns.length === 0) columns.push(at);
      break;
    }
    columns.push(at);
    left -= widths[at] + GAP;
  }
  return { columns, widths: cut, more: Math.max(0, filled.length - columns.length) };
}
