import type { Yielder } from "../../../../base/yielder.ts";
import { type Batch, BATCH_ROWS } from "../../../vectors/vector.ts";
import { PairBuffer } from "./pair_buffer.ts";
import { pick, pickOrNull } from "./pair_columns.ts";
import type { RightSide } from "./right_side.ts";

/** The rows that an inner or left join makes of a left batch. `keeps`: left rows without a match stay. */
export async function* joinRows(
  batch: Batch,
  side: RightSide,
  keeps: boolean,
  yielder: Yielder,
): AsyncIterable<Batch> {
  const { walk, condition } = side.candidatesOf(batch);
  if (condition === undefined) {
    while (walk.next(keeps)) {
      if (walk.left.length > 0) yield rowsOf(batch, side.held, walk.left, walk.right);
      await yielder.checkpoint();
    }
    return;
  }
  const found = new PairBuffer();
  // The first row that has not been seen to its end, and whether it has had a match.
  let row = 0;
  let isMatched = false;
  while (walk.next(false)) {
    const { left, right } = walk;
    const places = condition.placesWhere(batch, left, right);
    const count = places === undefined ? left.length : places.length;
    for (let at = 0; at < count; at++) {
      const place = places === undefined ? at : places[at];
      for (; row < left[place]; row++) {
        if (keeps && !isMatched) found.push(row, -1);
        isMatched = false;
      }
      found.push(row, right[place]);
      isMatched = true;
    }
    for (; row < walk.row; row++) {
      if (keeps && !isMatched) found.push(row, -1);
      isMatched = false;
    }
    if (found.count >= BATCH_ROWS) {
      yield rowsOf(batch, side.held, found.left, found.right);
      found.clear();
    }
    await yielder.checkpoint();
  }
  if (found.count > 0) yield rowsOf(batch, side.held, found.left, found.right);
}

function rowsOf(batch: Batch, held: Batch, left: Int32Array, right: Int32Array): Batch {
  return { count: left.length, columns: [...pick(batch.columns, left), ...pickOrNull(held.columns, right)] };
}

/** The rows of a left batch that have a match, or of which none has (`isAnti`). */
export async function rowsWithMatch(
  batch: Batch,
  side: RightSide,
  isAnti: boolean,
  yielder: Yielder,
): Promise<Batch> {
  const isMatched = new Uint8Array(batch.count);
  const { walk, condition } = side.candidatesOf(batch);
  if (condition === undefined) {
    for (let row = 0; row < batch.count; row++) if (walk.hasCandidates(row)) isMatched[row] = 1;
  } else {
    while (walk.next(false)) {
      const { left, right } = walk;
      const places = condition.placesWhere(batch, left, right);
      if (places === undefined) { for (let at = 0; at < left.length; at++) isMatched[left[at]] = 1; }
      else for (let at = 0; at < places.length; at++) isMatched[left[places[at]]] = 1;
      if (isMatched[walk.row] === 1) walk.skip();
      await yielder.checkpoint();
    }
  }
  const rows = new Int32Array(batch.count);
  let count = 0;
  const wanted = isAnti ? 0 : 1;
  for (let row = 0; row < batch.count; row++) if (isMatched[row] === wanted) rows[count++] = row;
  return { count, columns: pick(batch.columns, rows.subarray(0, count)) };
}
