import type { Expression } from "./ast.ts";
import { MATH } from "./sqlite/functions.ts";
import { NotCovered } from "./parse_select.ts";

/** Numbers of a chunk, NaN where SQL has NULL; one number where it is the same in every row. */
export type Vector = Float64Array | number;

/** What SQLite would take it for: whole numbers divide otherwise. */
export type NumberType = "integer" | "real" | "unknown";

/** An expression over the rows of a chunk. */
export interface Kernel {
  readonly type: NumberType;
  run(chunk: Chunk): Vector;
}

/** The rows that a kernel sees. */
export interface Chunk {
  readonly count: number;
  /** Columns by name. */
  readonly columns: Readonly<Record<string, Float64Array>>;
  /** What is the same in each row, by number. */
  readonly constants: Float64Array;
  readonly scratch: Scratch;
}

/** Arrays for what lies between; they are used again for the next chunk. */
export class Scratch {
  readonly #arrays: Float64Array[] = [];
  #used = 0;

  take(count: number): Float64Array {
    let array = this.#arrays[this.#used];
    if (array === undefined || array.length < count) this.#arrays[this.#used] = array = new Float64Array(count);
    this.#used++;
    return array.length === count ? array : array.subarray(0, count);
  }

  reset(): void {
    this.#used = 0;
  }
}

/** What the parts of an expression are, for those who compile it. */
export interface Resolver {
  /** A column of the rows; undefined where the expression is none. */
  column(expression: Expression): { readonly name: string; readonly type: NumberType } | undefined;
  /** The number of a constant, for what is the same in all rows of a chunk; undefined where it is not. */
  constant(expression: Expression): { readonly index: number; readonly type: NumberType } | undefined;
}

/** Compiles an expression. Throws {@linkcode NotCovered} where only SQLite can compute it. */
export function compile(expression: Expression, resolver: Resolver): Kernel {
  const constant = resolver.constant(expression);
  if (constant !== undefined) {
    const { index, type } = constant;
    return { type, run: ({ constants }) => constants[index] };
  }
  const column = resolver.column(expression);
  if (column !== undefined) {
    const { name, type } = column;
    return { type, run: ({ columns }) => columns[name] };
  }
  switch (expression.kind) {
    case "unary": {
      const operand = compile(expression.operand, resolver);
      if (expression.op === "+") return operand;
      if (expression.op === "-") return unary(operand, operand.type, (x) => 0 - x);
      if (expression.op === "NOT") return unary(operand, "integer", (x) => x !== x ? NaN : x === 0 ? 1 : 0);
      break;
    }
    case "binary":
      return binary(expression.op, compile(expression.left, resolver), compile(expression.right, resolver));
    case "isNull": {
      const { not } = expression;
      return unary(compile(expression.operand, resolver), "integer", (x) => (x !== x) === not ? 0 : 1);
    }
    case "between": {
      const operand = compile(expression.operand, resolver);
      const low = binary(">=", operand, compile(expression.low, resolver));
      const both = binary("AND", low, binary("<=", operand, compile(expression.high, resolver)));
      return expression.not ? unary(both, "integer", (x) => x !== x ? NaN : x === 0 ? 1 : 0) : both;
    }
    case "in": {
      const operand = compile(expression.operand, resolver);
      if (expression.items.length === 0) break;
      const tests = expression.items.map((item) => binary("=", operand, compile(item, resolver)));
      const any = tests.reduce((left, right) => binary("OR", left, right));
      return expression.not ? unary(any, "integer", (x) => x !== x ? NaN : x === 0 ? 1 : 0) : any;
    }
    case "cast": {
      const operand = compile(expression.operand, resolver);
      if (/^(REAL|FLOAT|DOUBLE)$/.test(expression.type)) return unary(operand, "real", (x) => x);
      if (/^(INTEGER|INT|BIGINT)$/.test(expression.type)) return unary(operand, "integer", truncate);
      break;
    }
    case "call": {
      if (expression.distinct || expression.star || expression.args.length !== 1) break;
      const operand = () => compile(expression.args[0], resolver);
      if (Object.hasOwn(MATH, expression.name)) return unary(operand(), "real", MATH[expression.name]);
      if (expression.name === "abs") {
        const inner = operand();
        return unary(inner, inner.type, Math.abs);
      }
    }
  }
  throw new NotCovered(`the expression at ${expression.start}`);
}

function truncate(x: number): number {
  if (Math.abs(x) > Number.MAX_SAFE_INTEGER) throw new NotCovered("a whole number that is too large");
  return Math.trunc(x);
}

function unary(operand: Kernel, type: NumberType, f: (x: number) => number): Kernel {
  return {
    type,
    run(chunk) {
      const x = operand.run(chunk);
      if (typeof x === "number") return f(x);
      const out = chunk.scratch.take(x.length);
      for (let i = 0; i < x.length; i++) out[i] = f(x[i]);
      return out;
    },
  };
}

/** One loop for each shape of operands, so that each sees only what it is made for. */
function binary(op: string, left: Kernel, right: Kernel): Kernel {
  const f = OPERATORS[op];
  if (f === undefined) throw new NotCovered(`the operator ${op}`);
  const isArithmetic = op === "+" || op === "-" || op === "*" || op === "/";
  const bothInteger = left.type === "integer" && right.type === "integer";
  const oneReal = left.type === "real" || right.type === "real";
  if (op === "/" && !bothInteger && !oneReal) throw new NotCovered("a division of what may be whole numbers");
  const type = !isArithmetic ? "integer" : bothInteger ? "integer" : oneReal ? "real" : "unknown";
  const make = loopOf(op === "/" && bothInteger ? "//" : op);
  return {
    type,
    run(chunk) {
      const x = left.run(chunk);
      const y = right.run(chunk);
      if (typeof x === "number" && typeof y === "number") {
        const one = [x, y];
        return make(Float64Array.of(one[0]), Float64Array.of(one[1]), chunk.scratch.take(1), bothInteger)[0];
      }
      const count = typeof x === "number" ? (y as Float64Array).length : x.length;
      const a = typeof x === "number" ? chunk.scratch.take(count).fill(x) : x;
      const b = typeof y === "number" ? chunk.scratch.take(count).fill(y) : y;
      return make(a, b, chunk.scratch.take(count), bothInteger && isArithmetic);
    },
  };
}

type Loop = (a: Float64Array, b: Float64Array, out: Float64Array, whole: boolean) => Float64Array;

const OPERATORS: Readonly<Record<string, string>> = {
  "+": "+",
  "-": "-",
  "*": "*",
  "/": "/",
  "=": "=",
  "<>": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  AND: "AND",
  OR: "OR",
  IS: "IS",
  "IS NOT": "IS NOT",
};

function loopOf(op: string): Loop {
  switch (op) {
    case "+":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] + b[i];
      });
    case "-":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
      });
    case "*":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] * b[i];
      });
    case "/":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = b[i] === 0 ? NaN : a[i] / b[i];
      });
    case "//":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = b[i] === 0 ? NaN : Math.trunc(a[i] / b[i]);
      });
    case "=":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 1 : a[i] !== a[i] || b[i] !== b[i] ? NaN : 0;
      });
    case "<>":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 0 : a[i] !== a[i] || b[i] !== b[i] ? NaN : 1;
      });
    case "<":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] < b[i] ? 1 : a[i] >= b[i] ? 0 : NaN;
      });
    case "<=":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] <= b[i] ? 1 : a[i] > b[i] ? 0 : NaN;
      });
    case ">":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] > b[i] ? 1 : a[i] <= b[i] ? 0 : NaN;
      });
    case ">=":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] >= b[i] ? 1 : a[i] < b[i] ? 0 : NaN;
      });
    case "AND":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) {
          out[i] = a[i] === 0 || b[i] === 0 ? 0 : a[i] !== a[i] || b[i] !== b[i] ? NaN : 1;
        }
      });
    case "OR":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) {
          out[i] = a[i] === 0 || a[i] !== a[i]
            ? b[i] === 0 || b[i] !== b[i] ? a[i] !== a[i] || b[i] !== b[i] ? NaN : 0 : 1
            : 1;
        }
      });
    case "IS":
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] || (a[i] !== a[i] && b[i] !== b[i]) ? 1 : 0;
      });
    default:
      return checked((a, b, out) => {
        for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] || (a[i] !== a[i] && b[i] !== b[i]) ? 0 : 1;
      });
  }
}

/** Whole numbers that a double does not hold exactly are left to SQLite. */
function checked(loop: (a: Float64Array, b: Float64Array, out: Float64Array) => void): Loop {
  return (a, b, out, whole) => {
    loop(a, b, out);
    if (whole) { for (let i = 0; i < out.length; i++) truncate(out[i]); }
    return out;
  };
}
