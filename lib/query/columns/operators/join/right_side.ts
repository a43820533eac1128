import type { JoinPlan } from "../../../plan/plan.ts";
import { widthOf } from "../../../plan/plans.ts";
import { compileCondition, type CompiledCondition, type CompiledScalar, compileScalar } from "../../scalar/compile.ts";
import type { ScalarContext } from "../../scalar/context.ts";
import type { Batch, Vector } from "../../../vectors/vector.ts";
import { Candidates, type Ranges } from "./candidates.ts";
import { PairCondition } from "./pair_condition.ts";
import { PairWalk } from "./pair_walk.ts";
import { type Bound, splitOn } from "./split_on.ts";

/** The rows of the right side of a join, and how left rows find theirs. */
export class RightSide {
  readonly #candidates: Candidates;
  readonly #walk: PairWalk;
  readonly #keys: readonly CompiledScalar[];
  /** What must be true of a left row. */
  readonly #left: CompiledCondition | undefined;
  readonly #bounds: readonly {
    readonly isLow: boolean;
    readonly isStrict: boolean;
    readonly compute: CompiledScalar;
  }[];
  /** What must be true of pairs within the band, and of any. */
  readonly #rest: PairCondition | undefined;
  readonly #both: PairCondition | undefined;

  constructor(plan: JoinPlan, readonly held: Batch, scalars: ScalarContext) {
    const leftWidth = widthOf(plan.left);
    const { left, right, band, rest, both } = splitOn(plan.on, leftWidth);
    const keys = plan.equal.map((pair) => compileScalar(pair.right, scalars)(held));
    const allowed = right && compileCondition(right, scalars)(held);
    const key = band && compileScalar(band.key, scalars)(held);
    const byBand = key?.kind === "number" ? key.data : undefined;
    this.#candidates = new Candidates(keys, held.count, allowed, byBand);
    this.#walk = new PairWalk(this.#candidates);
    this.#keys = plan.equal.map((pair) => compileScalar(pair.left, scalars));
    this.#left = left && compileCondition(left, scalars);
    const boundOf = (bound: Bound | undefined, isLow: boolean) =>
      bound === undefined || byBand === undefined
        ? []
        : [{ isLow, isStrict: bound.isStrict, compute: compileScalar(bound.scalar, scalars) }];
    this.#bounds = [...boundOf(band?.low, true), ...boundOf(band?.high, false)];
    this.#both = both && new PairCondition(both, leftWidth, held, scalars);
    this.#rest = this.#bounds.length === 0 ? this.#both : rest && new PairCondition(rest, leftWidth, held, scalars);
  }

  /** The candidates of the rows of a batch, until another batch comes, and what must be true of them beside. */
  candidatesOf(batch: Batch): { readonly walk: PairWalk; readonly condition: PairCondition | undefined } {
    const { count } = batch;
    const ranges = this.#candidates.find(this.#keys.map((key) => key(batch)), count);
    const rows = this.#left?.(batch);
    if (rows !== undefined) keepOnly(ranges, rows);
    const bounds = this.#bounds.map(({ compute }) => numbersOf(compute(batch), count));
    const isBand = bounds.every((numbers) => numbers !== undefined);
    if (isBand) {
      this.#bounds.forEach(({ isLow, isStrict }, at) => {
        if (isLow) this.#candidates.above(ranges, bounds[at]!, isStrict);
        else this.#candidates.below(ranges, bounds[at]!, isStrict);
      });
    }
    this.#walk.start(ranges);
    return { walk: this.#walk, condition: isBand ? this.#rest : this.#both };
  }
}

function keepOnly({ starts, ends }: Ranges, rows: Int32Array): void {
  let next = 0;
  for (let row = 0; row < starts.length; row++) {
    if (next < rows.length && rows[next] === row) next++;
    else ends[row] = starts[row];
  }
}

/** Undefined where there are other values than numbers. */
function numbersOf(vector: Vector, count: number): Float64Array | undefined {
  if (vector.kind === "number") return vector.data;
  if (vector.kind !== "constant") return undefined;
  const { value } = vector;
  const isNumber = typeof value === "number" || typeof value === "bigint" && BigInt.asIntN(53, value) === value;
  if (value !== null && !isNumber) return undefined;
  return new Float64Array(count).fill(value === null ? NaN : Number(value));
}
