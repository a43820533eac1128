import type { Yielder } from "../../../../base/yielder.ts";
import type { AggregateName } from "../../../plan/plan.ts";
import { gather, slice } from "../../../vectors/gather.ts";
import { concatenate } from "../../../vectors/concatenate.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { accumulatorOf } from "../aggregate/make.ts";
import { FrameRows, type Frames } from "./frames.ts";

/** So many values of frames are held before their answers are computed. */
const MAX_BUFFERED_VALUES = 1 << 20;

/** An aggregate that cannot be moved: computed again for each frame that is not the one before. */
export async function recomputed(
  name: Exclude<AggregateName, "any">,
  args: readonly Vector[],
  frames: Frames,
  yielder: Yielder,
): Promise<Vector> {
  const count = frames.lows.length;
  /** The answers of different frames, and which of them is that of a row. */
  const answers: Vector[] = [];
  const lengths: number[] = [];
  const answerOf = new Int32Array(count);
  let before = 0;
  let groups = 0;
  let held = 0;
  let accumulator = accumulatorOf(name);
  const finish = (): void => {
    answers.push(accumulator.finish(groups));
    lengths.push(groups);
    accumulator = accumulatorOf(name);
    before += groups;
    groups = 0;
    held = 0;
  };
  const frame = new FrameRows(frames);
  for (let row = 0; row < count; row++) {
    if (groups > 0 && isSame(frames, row)) {
      answerOf[row] = answerOf[row - 1];
      continue;
    }
    if (held > MAX_BUFFERED_VALUES) {
      finish();
      await yielder.checkpoint();
    }
    frame.at(row);
    const group = groups++;
    const add = (start: number, end: number): void => {
      if (end > start) accumulator.add(args.map((arg) => slice(arg, start, end)), end - start, group, groups);
    };
    add(frame.firstStart, frame.firstEnd);
    if (frame.row >= 0) add(frame.row, frame.row + 1);
    add(frame.secondStart, frame.secondEnd);
    answerOf[row] = before + group;
    held += frame.count + 1;
  }
  finish();
  return gather(concatenate(answers, lengths), answerOf);
}

/** Whether a row has the frame of the row before it. */
function isSame({ frame, lows, highs }: Frames, row: number): boolean {
  return frame.exclude === "no others" && lows[row] === lows[row - 1] && highs[row] === highs[row - 1];
}
