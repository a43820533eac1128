import { boundedTexts } from "../bounded_texts.ts";
import { scalarFunction } from "../../../functions/all.ts";
import type { Scalar } from "../../../plan/plan.ts";
import { NULL } from "../../../plan/scalars.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { type Compute, valueMapper } from "../by_value.ts";
import { caseKernel, coalesceKernel, nullifKernel } from "../case/case.ts";
import type { Compiler, Kernel } from "../kernel.ts";
import { numberFunction } from "./number_functions.ts";
import { callOf, sqliteCompute } from "./sqlite_call.ts";

/** Functions of SQLite and of dbx. */
export function callKernel({ name, args }: Scalar & { kind: "call" }, compiler: Compiler): Kernel {
  switch (name) {
    case "if":
    case "iif":
      if (args.length >= 2) return caseKernel(choiceOf(args), compiler);
      break;
    case "coalesce":
    case "ifnull":
      if (args.length >= 2) return coalesceKernel(args, compiler);
      break;
    case "nullif":
      if (args.length === 2) return nullifKernel(compiler.vector(args[0]), compiler.vector(args[1]));
      break;
    case "likely":
    case "unlikely":
      if (args.length === 1) return compiler.vector(args[0]);
      break;
    case "typeof":
      if (args.length === 1) return typeOfKernel(compiler.vector(args[0]));
  }
  const kernels = args.map((arg) => compiler.vector(arg));
  const fast = numberFunction(name, args.length);
  const byValue = valueMapper(boundedTexts(computeOf(name, args.length)));
  return (batch) => {
    const vectors = kernels.map((kernel) => kernel(batch));
    return fast?.(vectors, batch.count) ?? byValue(vectors, batch.count);
  };
}

/** Pairs of condition and value, and at last what else, as CASE. */
function choiceOf(args: readonly Scalar[]): Scalar & { kind: "case" } {
  const pairs = args.length >> 1;
  const branches = Array.from({ length: pairs }, (_, at) => ({ when: args[2 * at], then: args[2 * at + 1] }));
  return { kind: "case", branches, otherwise: args.length > 2 * pairs ? args[2 * pairs] : NULL };
}

function computeOf(name: string, count: number): Compute {
  const found = scalarFunction(name, count);
  if (found === undefined) return sqliteCompute(callOf(name));
  return (...values) => {
    try {
      return found.compute(...values);
    } catch (error) {
      // SQLite may not compute this at all, and then is right not to fail.
      throw new UnsupportedAtRuntime(`${name}: ${(error as Error).message}`);
    }
  };
}

const TYPES: readonly string[] = ["null", "integer", "real", "text"];

function typeOfKernel(operand: Kernel): Kernel {
  const byValue = valueMapper(scalarFunction("typeof", 1)!.compute);
  return (batch) => {
    const vector = operand(batch);
    const { count } = batch;
    if (vector.kind !== "number" && vector.kind !== "text") return byValue([vector], count);
    const codes = new Int32Array(count);
    if (vector.kind === "text") { for (let row = 0; row < count; row++) codes[row] = vector.codes[row] < 0 ? 0 : 3; }
    else fillTypes(vector, codes);
    return { kind: "text", codes, words: TYPES };
  };
}

function fillTypes({ data, type }: Vector & { kind: "number" }, codes: Int32Array): void {
  const fixed = type === "integer" ? 1 : 2;
  for (let row = 0; row < codes.length; row++) {
    const x = data[row];
    codes[row] = x !== x ? 0 : type === "numeric" && Number.isSafeInteger(x) ? 1 : fixed;
  }
}
