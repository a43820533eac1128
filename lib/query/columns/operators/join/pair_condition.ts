import { inputsOf } from "../../../plan/scalars.ts";
import type { Scalar } from "../../../plan/plan.ts";
import { valueAt } from "../../../vectors/gather.ts";
import { compileCondition, type CompiledCondition } from "../../scalar/compile.ts";
import type { ScalarContext } from "../../scalar/context.ts";
import type { Batch, Vector } from "../../../vectors/vector.ts";
import { pick } from "./pair_columns.ts";

const NULL: Vector = { kind: "constant", value: null };

/** What must be true of pairs beside their keys. */
export class PairCondition {
  readonly #isTrue: CompiledCondition;
  readonly #used: ReadonlySet<number>;

  constructor(on: Scalar, readonly leftWidth: number, readonly held: Batch, scalars: ScalarContext) {
    this.#isTrue = compileCondition(on, scalars);
    this.#used = inputsOf(on);
  }

  /** The places of the pairs for which it is true, ascending; undefined: all. */
  placesWhere(batch: Batch, left: Int32Array, right: Int32Array): Int32Array | undefined {
    const count = left.length;
    if (count === 0) return undefined;
    const row = left[0];
    const isOneRow = row === left[count - 1];
    const columns = Array.from({ length: this.leftWidth + this.held.columns.length }, (_, at): Vector => {
      if (!this.#used.has(at)) return NULL;
      if (at >= this.leftWidth) return pick([this.held.columns[at - this.leftWidth]], right)[0];
      const column = batch.columns[at];
      return isOneRow ? { kind: "constant", value: valueAt(column, row) } : pick([column], left)[0];
    });
    return this.#isTrue({ count, columns });
  }
}
