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
 * Chooses the columns of a table for a width. If not all fit, those without anything in them go first. Then the widest columns
 * of texts are cut, though not to nothing; if that is not enough, the last columns go.
 */
export function fitted({ widths, isEmpty, isNumber }: TableColumns, room: number): FittedColumns {
  const all = [...widths.keys()];
  if (totalOf(all, widths) <= room) return { columns: all, widths, more: 0 };
  const filled = all.filter((at) => !isEmpty[at]);
  const wanted = filled.length > 0 ? filled : all;
  const cut = [...widths];
  for (let over = totalOf(wanted, cut) - room; over > 0; over = totalOf(wanted, cut) - room) {
    const widest = wanted.filter((at) => !isNumber[at] && cut[at] > MIN_CUT).sort((a, b) => cut[b] - cut[a])[0];
    if (widest === undefined) break;
    cut[widest] = Math.max(MIN_CUT, cut[widest] - over);
  }
  const columns: number[] = [];
  let left = room;
  for (const at of wanted) {
    if (cut[at] > left && columns.length > 0) break;
    columns.push(at);
    if (cut[at] > left && !isNumber[at]) cut[at] = Math.max(1, left);
    left -= cut[at] + GAP;
  }
  // What columns that are gone leave belongs to those that were cut.
  left += GAP;
  for (const at of columns) {
    const more = Math.max(0, Math.min(left, widths[at] - cut[at]));
    cut[at] += more;
    left -= more;
  }
  return { columns, widths: cut, more: Math.max(0, filled.length - columns.length) };
}

function totalOf(columns: readonly number[], widths: readonly number[]): number {
  return columns.reduce((sum, at) => sum + GAP + widths[at], -GAP);
}
