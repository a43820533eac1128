import { Encoding } from "../../index/encoding/encoding.ts";
import type { Pack } from "../../index/pack/pack.ts";

/** Between what the numbers of a column are; none of them is NaN. */
export interface ColumnRange {
  readonly from: number;
  readonly to: number;
  /** Whether they go up all the way. */
  readonly ascends: boolean;
}

/** What a pack's directory says of the numbers of a column, which are not read; undefined where that is nothing. */
export function columnRange({ directory: { columns } }: Pack, index: number): ColumnRange | undefined {
  const [base, step, count] = [columns.base[index], columns.step[index], columns.count[index]];
  const upTo = (width: number) => ({ from: base, to: base + width, ascends: false });
  switch (columns.encoding[index] as Encoding) {
    case Encoding.Progression: {
      if (base !== base) return undefined;
      const end = step === 0 ? base : base + step * (count - 1);
      return { from: Math.min(base, end), to: Math.max(base, end), ascends: step >= 0 };
    }
    case Encoding.U8:
      return upTo(0xff);
    case Encoding.U16:
      return upTo(0xffff);
    case Encoding.U32:
      return upTo(0xffffffff);
    default:
      return undefined;
  }
}
