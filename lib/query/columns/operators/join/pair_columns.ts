import { gather, slice } from "../../../vectors/gather.ts";
import { gatherOrNull } from "../../../vectors/gather_or_null.ts";
import type { Vector } from "../../../vectors/vector.ts";

/** Rows by their numbers; where these count up, the columns are shared and not copied. */
export function pick(columns: readonly Vector[], rows: Int32Array): Vector[] {
  if (rows.length === 0 || !countsUp(rows)) return columns.map((column) => gather(column, rows));
  return columns.map((column) => slice(column, rows[0], rows[0] + rows.length));
}

/** Rows by their numbers; -1 is a row of NULL. */
export function pickOrNull(columns: readonly Vector[], rows: Int32Array): Vector[] {
  if (!rows.includes(-1)) return pick(columns, rows);
  return columns.map((column) => gatherOrNull(column, rows));
}

function countsUp(rows: Int32Array): boolean {
  const first = rows[0];
  if (rows[rows.length - 1] - first !== rows.length - 1) return false;
  for (let at = 1; at < rows.length; at++) if (rows[at] !== first + at) return false;
  return true;
}
