import type { Yielder } from "../../../../base/yielder.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { FrameRows, type Frames } from "./frames.ts";

/** An aggregate of a frame that moves: rows come in at its end and leave at its start. */
export interface Sliding {
  /** Leaves an empty frame. */
  reset(): void;
  step(row: number): void;
  inverse(row: number): void;
  /** Takes what the frame now gives for the answer of a row. */
  result(row: number): void;
  /** The answers of all rows. */
  vector(): Vector;
}

/** So many rows may come in between two looks at the clock. */
const ROWS_BETWEEN = 1 << 18;

/**
 * Moves an aggregate over all frames, in the order in which SQLite does: for each row, first those leave that are not in its
 * frame any more, then those come in that are. Sums of REAL show in which order they were made.
 */
export async function slide(target: Sliding, frames: Frames, yielder: Yielder): Promise<Vector> {
  if (frames.frame.exclude !== "no others") return await recompute(target, frames, yielder);
  const { partitions } = frames;
  let rows = 0;
  for (let at = 0; at + 1 < partitions.length; at++) {
    slidePartition(target, frames, partitions[at], partitions[at + 1]);
    rows += partitions[at + 1] - partitions[at];
    if (rows < ROWS_BETWEEN) continue;
    rows = 0;
    await yielder.checkpoint();
  }
  return target.vector();
}

function slidePartition(target: Sliding, frames: Frames, start: number, end: number): void {
  const { lows, highs } = frames;
  target.reset();
  let [low, high] = warmUp(target, frames, start, end);
  for (let row = start; row < end; row++) {
    const from = lows[row];
    const to = highs[row];
    for (; low < from; low++) target.inverse(low);
    for (; high < to; high++) target.step(high);
    target.result(row);
  }
}

/**
 * SQLite moves a frame between two following rows from before the first row on: rows come in and leave again until it is
 * where the first row has it. Returns which rows are then in it.
 */
function warmUp(target: Sliding, { frame, peers }: Frames, start: number, end: number): [number, number] {
  const { unit, from, to } = frame;
  if (from <= 0 || from > to) return [start, start];
  const first = unit === "rows" ? start : placeOf(peers, start);
  const last = unit === "rows" ? end : placeOf(peers, end);
  let low = start;
  let high = start;
  for (let at = first; at < Math.min(last, first + to); at++) {
    const stepEnd = unit === "rows" ? at + 1 : peers[at + 1];
    for (; high < stepEnd; high++) target.step(high);
    const leaving = at - (to - from) + 1;
    if (leaving <= first) continue;
    const inverseEnd = unit === "rows" ? leaving : peers[leaving];
    for (; low < inverseEnd; low++) target.inverse(low);
  }
  return [low, high];
}

function placeOf(starts: Int32Array, row: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Frames of which rows are taken out are gone through again for each row, as SQLite does. */
async function recompute(target: Sliding, frames: Frames, yielder: Yielder): Promise<Vector> {
  const rows = new FrameRows(frames);
  const count = frames.lows.length;
  let seen = 0;
  for (let row = 0; row < count; row++) {
    rows.at(row);
    target.reset();
    for (let at = rows.firstStart; at < rows.firstEnd; at++) target.step(at);
    if (rows.row >= 0) target.step(rows.row);
    for (let at = rows.secondStart; at < rows.secondEnd; at++) target.step(at);
    target.result(row);
    seen += rows.count + 1;
    if (seen < ROWS_BETWEEN) continue;
    seen = 0;
    await yielder.checkpoint();
  }
  return target.vector();
}
