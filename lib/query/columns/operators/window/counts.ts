import type { Vector } from "../../../vectors/vector.ts";
import { FrameRows, type Frames } from "./frames.ts";

/** How many values of each frame are not NULL. */
export function countsOf(vector: Vector, frames: Frames): Vector {
  const count = frames.lows.length;
  const before = countsBefore(vector, count);
  const data = new Float64Array(count);
  if (frames.frame.exclude === "no others") {
    const { lows, highs } = frames;
    for (let row = 0; row < count; row++) data[row] = before[highs[row]] - before[lows[row]];
  } else {
    const rows = new FrameRows(frames);
    for (let row = 0; row < count; row++) {
      rows.at(row);
      const own = rows.row < 0 ? 0 : before[row + 1] - before[row];
      const first = before[rows.firstEnd] - before[rows.firstStart];
      data[row] = first + own + before[rows.secondEnd] - before[rows.secondStart];
    }
  }
  return { kind: "number", type: "integer", data };
}

/** How many values before each row, and before the end, are not NULL. */
function countsBefore(vector: Vector, count: number): Int32Array {
  const before = new Int32Array(count + 1);
  switch (vector.kind) {
    case "constant":
      if (vector.value !== null) { for (let row = 0; row < count; row++) before[row + 1] = row + 1; }
      break;
    case "number":
      for (let row = 0; row < count; row++) {
        before[row + 1] = before[row] + (vector.data[row] === vector.data[row] ? 1 : 0);
      }
      break;
    case "text":
      for (let row = 0; row < count; row++) before[row + 1] = before[row] + (vector.codes[row] < 0 ? 0 : 1);
      break;
    case "any":
      for (let row = 0; row < count; row++) before[row + 1] = before[row] + (vector.values[row] === null ? 0 : 1);
      break;
  }
  return before;
}
