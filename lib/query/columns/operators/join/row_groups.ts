import type { Vector } from "../../vector.ts";
import { countUp } from "../../../tables/value_vector.ts";
import { type KeyCodes, keyCodes } from "./key_codes.ts";

/** The rows of the right side by their keys: those of a group have equal keys, and stand in their order. */
export interface RowGroups {
  /** Where the rows of each group start in `rows`; behind the last, where they end. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  /** Writes the groups of other rows by their keys; -1: there is none. */
  groupsOf(keys: readonly Vector[], count: number, into: Int32Array): void;
}

/** Groups so many rows by their keys; rows with a NULL among them are in no group. Without keys there is one group. */
export function groupRows(keys: readonly Vector[], count: number): RowGroups {
  if (keys.length === 0) {
    const starts = Int32Array.of(0, count);
    return { starts, rows: countUp(count), groupsOf: (_, count, into) => void into.fill(0, 0, count) };
  }
  const all = keyCodes(keys, count);
  return { ...grouped(all), groupsOf: (keys, count, into) => all.encode(keys, count, into) };
}

function grouped({ codes, cardinality }: KeyCodes): Pick<RowGroups, "starts" | "rows"> {
  const starts = new Int32Array(cardinality + 1);
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) starts[codes[row] + 1]++;
  for (let code = 0; code < cardinality; code++) starts[code + 1] += starts[code];
  const rows = new Int32Array(starts[cardinality]);
  for (let row = 0; row < codes.length; row++) if (codes[row] >= 0) rows[starts[codes[row]]++] = row;
  // Each start is now where the next group starts.
  starts.copyWithin(1, 0, cardinality);
  starts[0] = 0;
  return { starts, rows };
}
