import type { Vector } from "../../../vectors/vector.ts";
import { sortSegment } from "../sort/segment.ts";
import { KeyGroups } from "./key_groups.ts";

/** For each row of a left batch, where its candidates start and end in the rows of the right side. */
export interface Ranges {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** The rows of the right side by their keys: rows of equal keys stand together. Rows with a NULL among their keys are left out. */
export class Candidates {
  /** The right rows; those of equal keys by the band, else in their order. */
  readonly rows: Int32Array;
  /** Whether those of equal keys are in their order. */
  readonly isOrdered: boolean = true;
  /** What the rows have for the band. */
  readonly #band: Float64Array | undefined;
  readonly #groups: KeyGroups;
  /** Where the rows of each group start; behind the last, where they end. */
  readonly #starts: Int32Array;

  /** `allowed`: the only rows that can match, if not all. `band`: numbers by which rows of equal keys are found. */
  constructor(
    keys: readonly Vector[],
    count: number,
    allowed: Int32Array | undefined,
    band: Float64Array | undefined,
  ) {
    this.#groups = new KeyGroups(keys, count);
    const groups = this.#groups.ofRight;
    if (allowed !== undefined) leaveOut(groups, allowed);
    if (band !== undefined) { for (let row = 0; row < count; row++) if (band[row] !== band[row]) groups[row] = -1; }
    ({ starts: this.#starts, rows: this.rows } = byGroup(groups, this.#groups.count));
    if (band === undefined) return;
    this.#band = new Float64Array(this.rows.length);
    for (let at = 0; at < this.rows.length; at++) this.#band[at] = band[this.rows[at]];
    for (let group = 0; group + 1 < this.#starts.length; group++) {
      const start = this.#starts[group];
      const end = this.#starts[group + 1];
      if (isAscending(this.#band, start, end)) continue;
      sortSegment(this.#band, this.rows, start, end);
      this.isOrdered = false;
    }
  }

  /** The candidates of left rows by their keys. */
  find(keys: readonly Vector[], count: number): Ranges {
    const groups = this.#groups.ofLeft(keys, count);
    const starts = new Int32Array(count);
    const ends = new Int32Array(count);
    const from = this.#starts;
    for (let row = 0; row < count; row++) {
      const group = groups[row];
      if (group < 0) continue;
      starts[row] = from[group];
      ends[row] = from[group + 1];
    }
    return { starts, ends };
  }

  /** Keeps only candidates whose band is above a number of each left row. */
  above({ starts, ends }: Ranges, bounds: Float64Array, isStrict: boolean): void {
    for (let row = 0; row < starts.length; row++) {
      if (starts[row] < ends[row]) starts[row] = this.#place(starts[row], ends[row], bounds[row], isStrict);
    }
  }

  /** Keeps only candidates whose band is below a number of each left row. */
  below({ starts, ends }: Ranges, bounds: Float64Array, isStrict: boolean): void {
    for (let row = 0; row < starts.length; row++) {
      if (starts[row] >= ends[row]) continue;
      // No number is below NULL.
      const isMissing = bounds[row] !== bounds[row];
      ends[row] = isMissing ? starts[row] : this.#place(starts[row], ends[row], bounds[row], !isStrict);
    }
  }

  /** The first place from which on the band is not less than a bound, or is greater; the end where that is NULL. */
  #place(start: number, end: number, bound: number, isGreater: boolean): number {
    const band = this.#band!;
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isGreater ? band[middle] > bound : band[middle] >= bound) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function leaveOut(groups: Int32Array, allowed: Int32Array): void {
  let next = 0;
  for (let row = 0; row < groups.length; row++) {
    if (next < allowed.length && allowed[next] === row) next++;
    else groups[row] = -1;
  }
}

/** Rows by their groups, those of one group in their order. */
function byGroup(groups: Int32Array, count: number): { readonly starts: Int32Array; readonly rows: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (let row = 0; row < groups.length; row++) if (groups[row] >= 0) starts[groups[row] + 1]++;
  for (let group = 0; group < count; group++) starts[group + 1] += starts[group];
  const rows = new Int32Array(starts[count]);
  for (let row = 0; row < groups.length; row++) if (groups[row] >= 0) rows[starts[groups[row]]++] = row;
  // Each start is now where the next group starts.
  starts.copyWithin(1, 0, count);
  starts[0] = 0;
  return { starts, rows };
}

function isAscending(keys: Float64Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if (keys[at] < keys[at - 1]) return false;
  return true;
}
