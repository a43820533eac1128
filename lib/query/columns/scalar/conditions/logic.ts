import type { Scalar } from "../../../plan/plan.ts";
import type { Compiler, TruthKernel } from "../kernel.ts";
import { isCheap, narrower } from "../narrow.ts";
import { FALSE, type State, TRUE, type Truth } from "../state.ts";
import { andTruth, orTruth } from "../truth.ts";

/**
 * AND and OR. Cheap items come first; the others are computed for the rows that are not decided yet, where those are not most
 * of them.
 */
export function logicKernel(scalar: Scalar & { kind: "and" | "or" }, compiler: Compiler): TruthKernel {
  const isAnd = scalar.kind === "and";
  const join = isAnd ? andTruth : orTruth;
  const decided = isAnd ? FALSE : TRUE;
  const items = cheapFirst(scalar.items).map((item) => ({
    isCheap: isCheap(item),
    run: compiler.truth(item),
    narrow: narrower(item),
  }));
  return (batch) => {
    const { count } = batch;
    let truth: Truth = TRUE - decided as State;
    for (const { isCheap, run, narrow } of items) {
      if (truth === decided) break;
      const open = isCheap || typeof truth === "number" ? undefined : undecided(truth, decided, count);
      if (open === undefined || open.length * 2 > count) truth = join(truth, run(batch), count);
      else if (open.length > 0) truth = joinAt(truth as Uint8Array, open, run(narrow(batch, open)), join);
    }
    return truth;
  };
}

/** In the order in which they are best computed. */
export function cheapFirst(items: readonly Scalar[]): Scalar[] {
  return [...items.filter(isCheap), ...items.filter((item) => !isCheap(item))];
}

function undecided(truth: Uint8Array, decided: State, count: number): Int32Array {
  const rows = new Int32Array(count);
  let found = 0;
  for (let row = 0; row < count; row++) {
    rows[found] = row;
    found += +(truth[row] !== decided);
  }
  return rows.subarray(0, found);
}

function joinAt(truth: Uint8Array, rows: Int32Array, other: Truth, join: typeof andTruth): Uint8Array {
  const picked = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at++) picked[at] = truth[rows[at]];
  const joined = join(picked, other, rows.length);
  const out = truth.slice();
  for (let at = 0; at < rows.length; at++) out[rows[at]] = typeof joined === "number" ? joined : joined[at];
  return out;
}
