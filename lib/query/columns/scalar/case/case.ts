import type { Scalar } from "../../../plan/plan.ts";
import { gather } from "../../../vectors/gather.ts";
import type { Batch, Vector } from "../../../vectors/vector.ts";
import { comparison } from "../conditions/compare.ts";
import type { Compiler, Kernel } from "../kernel.ts";
import { mergeParts, type Part } from "./merge.ts";
import { compose, isCheap, narrower } from "../narrow.ts";
import { fillNumbers, selectNumbers } from "./select_numbers.ts";
import { TRUE, type Truth } from "../state.ts";

/** Something that is computed for all rows, or for some of them. */
interface Choice<T> {
  readonly isCheap: boolean;
  /** Over a narrow batch, if that pays. */
  run(batch: Batch, rows: Int32Array | undefined): { readonly result: T; readonly isWhole: boolean };
}

function choice<T>(scalar: Scalar, kernel: (batch: Batch) => T): Choice<T> {
  const cheap = isCheap(scalar);
  const narrow = narrower(scalar);
  return {
    isCheap: cheap,
    run: (batch, rows) =>
      cheap || rows === undefined
        ? { result: kernel(batch), isWhole: true }
        : { result: kernel(narrow(batch, rows)), isWhole: false },
  };
}

/** CASE: each row has the value of the first branch whose condition is true. */
export function caseKernel(scalar: Scalar & { kind: "case" }, compiler: Compiler): Kernel {
  const branches = scalar.branches.map(({ when, then }) => ({
    when: choice(when, compiler.truth(when)),
    then: choice(then, compiler.vector(then)),
  }));
  const otherwise = choice(scalar.otherwise, compiler.vector(scalar.otherwise));
  const isSimple = branches.length === 1 && branches[0].then.isCheap && otherwise.isCheap;
  return (batch) => {
    const { count } = batch;
    let remaining: Int32Array | undefined;
    const parts: Part[] = [];
    const add = (choice: Choice<Vector>, rows: Int32Array | undefined): void => {
      const { result, isWhole } = choice.run(batch, rows);
      parts.push({ rows, vector: result, isWhole });
    };
    for (const { when, then } of branches) {
      const { result: truth, isWhole } = when.run(batch, remaining);
      if (isSimple) {
        const selected = selectNumbers(
          truth,
          then.run(batch, undefined).result,
          otherwise.run(batch, undefined).result,
          count,
        );
        if (selected !== undefined) return selected;
      }
      const [yes, no] = split(truth, remaining, isWhole, count);
      if (yes === undefined || yes.length > 0) add(then, yes);
      if (yes === undefined || (no !== undefined && no.length === 0)) return mergeParts(parts, count);
      remaining = no;
    }
    add(otherwise, remaining);
    return mergeParts(parts, count);
  };
}

/**
 * Those of some rows for which something is true, and the others. Undefined stands for all rows.
 *
 * @param isWhole Whether `truth` is over all rows of the batch.
 */
function split(
  truth: Truth,
  rows: Int32Array | undefined,
  isWhole: boolean,
  count: number,
): [yes: Int32Array | undefined, no: Int32Array | undefined] {
  const none = new Int32Array(0);
  if (typeof truth === "number") return truth === TRUE ? [rows, none] : [none, rows];
  const length = rows?.length ?? count;
  const yes = new Int32Array(length);
  const no = new Int32Array(length);
  let found = 0;
  for (let at = 0; at < length; at++) {
    const row = rows === undefined ? at : rows[at];
    const isTrue = truth[isWhole ? row : at] >> 1;
    yes[found] = row;
    no[at - found] = row;
    found += isTrue;
  }
  return [yes.subarray(0, found), no.subarray(0, length - found)];
}

/** The first value that is not NULL. */
export function coalesceKernel(args: readonly Scalar[], compiler: Compiler): Kernel {
  const choices = args.map((arg) => choice(arg, compiler.vector(arg)));
  const isThere = comparison("is not");
  return (batch) => {
    let first: ReturnType<Choice<Vector>["run"]> | undefined;
    if (choices.length === 2 && choices[1].isCheap) {
      first = choices[0].run(batch, undefined);
      const filled = fillNumbers(first.result, choices[1].run(batch, undefined).result, batch.count);
      if (filled !== undefined) return filled;
    }
    let remaining: Int32Array | undefined;
    const parts: Part[] = [];
    for (const [at, choice] of choices.entries()) {
      const { result, isWhole } = (at === 0 ? first : undefined) ?? choice.run(batch, remaining);
      const rows = remaining;
      if (at === choices.length - 1) {
        parts.push({ rows, vector: result, isWhole });
        break;
      }
      const length = isWhole || rows === undefined ? batch.count : rows.length;
      const truth = isThere(result, NULL, length);
      if (isWhole || rows === undefined) {
        const [yes, no] = split(truth, rows, true, length);
        parts.push({ rows: yes, vector: result, isWhole: true });
        if (yes === undefined) break;
        remaining = no;
      } else {
        const [yes, no] = split(truth, undefined, true, length);
        const vector = yes === undefined ? result : gather(result, yes);
        parts.push({ rows: compose(rows, yes), vector, isWhole: false });
        if (yes === undefined) break;
        remaining = compose(rows, no);
      }
      if (remaining?.length === 0) break;
    }
    return mergeParts(parts, batch.count);
  };
}

const NULL: Vector = { kind: "constant", value: null };

/** NULL where two values are equal, else the first. */
export function nullifKernel(first: Kernel, second: Kernel): Kernel {
  const isEqual = comparison("=");
  return (batch) => {
    const { count } = batch;
    const vector = first(batch);
    const truth = isEqual(vector, second(batch), count);
    const selected = selectNumbers(truth, NULL, vector, count);
    if (selected !== undefined) return selected;
    const [yes, no] = split(truth, undefined, true, count);
    return mergeParts([{ rows: yes, vector: NULL, isWhole: true }, { rows: no, vector, isWhole: true }], count);
  };
}
