import { boundedTexts } from "../bounded_texts.ts";
import type { ArithmeticOperator, Scalar } from "../../../plan/plan.ts";
import { arithmetic, negate } from "../../../values/arithmetic.ts";
import { toNumeric } from "../../../values/convert.ts";
import type { Vector } from "../../../vectors/vector.ts";
import { bitsOfIntegers, remainders } from "./integers.ts";
import { computeNumbers } from "./numbers.ts";
import { type Compute, valueMapper } from "../by_value.ts";
import type { Compiler, Kernel } from "../kernel.ts";
import { type Numbers, numbersOf } from "../numbers.ts";
import { sqliteCompute } from "../calls/sqlite_call.ts";
import { mapWords } from "../words.ts";

/** The operators on numbers, bits and texts, and those that look into JSON. */
export function arithmeticKernel(scalar: Scalar & { kind: "arithmetic" }, compiler: Compiler): Kernel {
  const { op } = scalar;
  const left = compiler.vector(scalar.left);
  const right = compiler.vector(scalar.right);
  const byValue = valueMapper(boundedTexts(computeOf(op)));
  // What only this looks at may be overwritten: the answer of another operator, which is an array of its own.
  const isScratch = (part: Scalar) => part.kind === "arithmetic" && !compiler.isShared(part);
  const fast = fastOf(op, isScratch(scalar.left), isScratch(scalar.right));
  return (batch) => {
    const { count } = batch;
    const a = left(batch);
    const b = right(batch);
    if (op !== "->" && op !== "->>" && (isNull(a) || isNull(b))) return { kind: "constant", value: null };
    return fast?.(a, b, count) ?? byValue([a, b], count);
  };
}

function isNull(vector: Vector): boolean {
  return vector.kind === "constant" && vector.value === null;
}

function computeOf(op: ArithmeticOperator): Compute {
  if (op === "->" || op === "->>") return sqliteCompute(([left, right]) => `${left} ${op} ${right}`);
  return (left, right) => arithmetic(op, left, right);
}

type Fast = (left: Vector, right: Vector, count: number) => Vector | undefined;

function fastOf(op: ArithmeticOperator, isLeftScratch: boolean, isRightScratch: boolean): Fast | undefined {
  switch (op) {
    case "+":
    case "-":
    case "*":
    case "/": {
      const left = withTexts();
      const right = withTexts();
      return (a, b, count) => {
        if (a.kind === "constant" && b.kind === "constant") return undefined;
        const x = left(a, count);
        const y = right(b, count);
        const scratch = isLeftScratch ? x?.data : isRightScratch ? y?.data : undefined;
        return x && y && computeNumbers(op, x, y, count, scratch);
      };
    }
    case "%":
    case "&":
    case "|":
      return (a, b, count) => {
        const x = numbersOf(a);
        const y = numbersOf(b);
        if (x === undefined || y === undefined || (x.data === undefined && y.data === undefined)) return;
        if (op === "%") return remainders(x, y, count);
        return x.type === "integer" && y.type === "integer" ? bitsOfIntegers(op, x, y, count) : undefined;
      };
  }
}

/** Numbers, also of texts, which are what they begin with. */
function withTexts(): (vector: Vector, count: number) => Numbers | undefined {
  const numeric = mapWords((text) => {
    if (text === null) return null;
    const number = toNumeric(text);
    // Beside a REAL it may mean -0.0; as a text it is left to what computes value by value.
    return number === 0n && text.includes("-") ? text : number;
  });
  return (vector, count) => numbersOf(vector.kind === "text" ? numeric(vector, count) : vector);
}

/** `-x` */
export function negateKernel(operand: Kernel): Kernel {
  const byValue = valueMapper(negate);
  return (batch) => {
    const vector = operand(batch);
    if (vector.kind !== "number") return byValue([vector], batch.count);
    const data = new Float64Array(batch.count);
    const from = vector.data;
    for (let row = 0; row < data.length; row++) data[row] = 0 - from[row];
    return { kind: "number", type: vector.type, data };
  };
}
