import type { Scalar } from "../../../plan/plan.ts";
import type { Batch } from "../../../vectors/vector.ts";
import { compareTwo, TURNED } from "./compare.ts";
import { asReal } from "./compare_numbers.ts";
import type { Compiler } from "../kernel.ts";
import { compose, isCheap, narrower } from "../narrow.ts";
import { rowsCompared } from "./compare_rows.ts";
import { TRUE } from "../state.ts";
import { rowsWhere } from "../truth.ts";
import { testWords } from "../words.ts";

/** Keeps the rows for which a term is true, of some or (undefined) of all rows. */
export type RowsKernel = (batch: Batch, rows: Int32Array | undefined) => Int32Array | undefined;

/** Makes what keeps the rows for which a term is true. */
export function rowsKernel(term: Scalar, compiler: Compiler): RowsKernel {
  return (term.kind === "compare" ? comparedWithConstant(term, compiler) : undefined) ?? generalRows(term, compiler);
}

function generalRows(term: Scalar, compiler: Compiler): RowsKernel {
  const cheap = isCheap(term);
  const run = compiler.truth(term);
  const narrow = narrower(term);
  return (batch, rows) => {
    if (rows === undefined) return rowsWhere(run(batch), batch.count);
    if (!cheap || rows.length * 4 < batch.count) {
      return compose(rows, rowsWhere(run(narrow(batch, rows)), rows.length));
    }
    const truth = run(batch);
    if (typeof truth === "number") return truth === TRUE ? rows : new Int32Array(0);
    return rowsOf(rows, truth);
  };
}

/** Those of some rows for which something is true. */
function rowsOf(rows: Int32Array, truth: Uint8Array): Int32Array {
  const some = new Int32Array(rows.length);
  let found = 0;
  for (let at = 0; at < rows.length; at++) {
    some[found] = rows[at];
    found += truth[rows[at]] >> 1;
  }
  return some.subarray(0, found);
}

/** A column beside a constant: rows are found without saying first for each what is true. */
function comparedWithConstant(term: Scalar & { kind: "compare" }, compiler: Compiler): RowsKernel | undefined {
  const { left, right } = term;
  const isTurned = left.kind === "constant";
  const [operand, constant] = isTurned ? [right, left] : [left, right];
  if (constant.kind !== "constant" || !isCheap(operand)) return undefined;
  const op = isTurned ? TURNED[term.op] : term.op;
  const { value } = constant;
  const kernel = compiler.vector(operand);
  const otherwise = generalRows(term, compiler);
  if (typeof value === "string") {
    const test = testWords((text) => compareTwo(op, text, value));
    return (batch, rows) => {
      const vector = kernel(batch);
      return vector.kind === "text" ? test.rows(vector, batch.count, rows) : otherwise(batch, rows);
    };
  }
  if (typeof value !== "number" && typeof value !== "bigint") return otherwise;
  const real = typeof value === "number" ? { op, than: value } : asReal(op, value);
  return (batch, rows) => {
    const vector = kernel(batch);
    if (vector.kind !== "number") return otherwise(batch, rows);
    return rowsCompared(real.op, vector.data, real.than, batch.count, rows);
  };
}
