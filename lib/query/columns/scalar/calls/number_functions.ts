import { REAL_FUNCTIONS, REAL_FUNCTIONS_2, ROUNDINGS } from "../../../functions/math.ts";
import { roundReal } from "../../../values/real_text.ts";
import type { NumberType, Vector } from "../../../vectors/vector.ts";
import { withoutMinusZero } from "./conversions.ts";
import { columnOf, type Numbers, numbersOf } from "../numbers.ts";

/** Computes a function of numbers; undefined where something else is among them, or the answer. */
export type NumberFunction = (vectors: readonly Vector[], count: number) => Vector | undefined;

/** The kernel of a function over numbers, if it has one. */
export function numberFunction(name: string, args: number): NumberFunction | undefined {
  if (args === 1 && Object.hasOwn(REAL_FUNCTIONS, name)) return realFunction(name, REAL_FUNCTIONS[name]);
  if (args === 1 && Object.hasOwn(ROUNDINGS, name)) return rounding(ROUNDINGS[name]);
  if (args === 2 && Object.hasOwn(REAL_FUNCTIONS_2, name)) return realFunction2(REAL_FUNCTIONS_2[name]);
  if (name === "round" && args <= 2) return round;
  if (name === "abs" && args === 1) return abs;
  if (name === "sign" && args === 1) return sign;
  if ((name === "min" || name === "max") && args >= 2) return extreme(name);
}

/** A column of numbers; constants are computed once elsewhere. */
function column(vector: Vector): (Vector & { kind: "number" }) | undefined {
  return vector.kind === "number" ? vector : undefined;
}

function realFunction(name: string, f: (x: number) => number): NumberFunction {
  return ([vector], count) => {
    const from = column(vector)?.data;
    if (from === undefined) return undefined;
    const data = new Float64Array(count);
    if (name === "sqrt") { for (let row = 0; row < count; row++) data[row] = Math.sqrt(from[row]); }
    else for (let row = 0; row < count; row++) data[row] = f(from[row]);
    return { kind: "number", type: "real", data };
  };
}

function realFunction2(f: (x: number, y: number) => number): NumberFunction {
  return ([first, second], count) => {
    const a = numbersOf(first);
    const b = numbersOf(second);
    if (!a || !b || (a.data === undefined && b.data === undefined)) return undefined;
    const x = columnOf(a, count);
    const y = columnOf(b, count);
    const data = new Float64Array(count);
    // C's pow(1, NaN) is 1, but NaN is NULL here.
    for (let row = 0; row < count; row++) data[row] = x[row] !== x[row] || y[row] !== y[row] ? NaN : f(x[row], y[row]);
    return { kind: "number", type: "real", data };
  };
}

/** An INTEGER stays as it is, a REAL becomes a whole one. */
function rounding(f: (x: number) => number): NumberFunction {
  return ([vector], count) => {
    const numbers = column(vector);
    if (numbers === undefined || numbers.type === "integer") return numbers;
    if (numbers.type === "numeric") return undefined;
    const data = new Float64Array(count);
    for (let row = 0; row < count; row++) data[row] = f(numbers.data[row]);
    return { kind: "number", type: "real", data };
  };
}

function round([vector, digits]: readonly Vector[], count: number): Vector | undefined {
  const numbers = column(vector);
  if (numbers === undefined) return undefined;
  let places = 0;
  if (digits !== undefined) {
    if (digits.kind !== "constant" || typeof digits.value !== "bigint") return undefined;
    places = digits.value > 30n ? 30 : digits.value < 0n ? 0 : Number(digits.value);
  }
  const { data: from, type } = numbers;
  if (type === "integer") return { kind: "number", type: "real", data: withoutMinusZero(from, count) };
  const data = new Float64Array(count);
  for (let row = 0; row < count; row++) data[row] = from[row] === from[row] ? roundReal(from[row], places) : NaN;
  return { kind: "number", type: "real", data };
}

function abs([vector]: readonly Vector[], count: number): Vector | undefined {
  const numbers = column(vector);
  if (numbers === undefined) return undefined;
  const data = new Float64Array(count);
  const from = numbers.data;
  // Without a branch, and -0.0 stays as it is.
  for (let row = 0; row < count; row++) data[row] = from[row] * (1 - 2 * +(from[row] < 0));
  return { kind: "number", type: numbers.type, data };
}

function sign([vector]: readonly Vector[], count: number): Vector | undefined {
  const from = column(vector)?.data;
  if (from === undefined) return undefined;
  const data = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const x = from[row];
    data[row] = x > 0 ? 1 : x < 0 ? -1 : x + 0;
  }
  return { kind: "number", type: "integer", data };
}

/** The least or greatest of several numbers of one type; NULL where one is NULL. */
function extreme(name: "min" | "max"): NumberFunction {
  return (vectors, count) => {
    const numbers: Numbers[] = [];
    for (const vector of vectors) {
      const one = numbersOf(vector);
      if (one === undefined) return undefined;
      numbers.push(one);
    }
    const type = commonType(numbers.map(({ type }) => type));
    if (type === undefined || numbers.every(({ data }) => data === undefined)) return undefined;
    let best = columnOf(numbers[0], count);
    for (const other of numbers.slice(1)) best = better(name, best, columnOf(other, count), count);
    return { kind: "number", type, data: best };
  };
}

/** A REAL among INTEGERs could be a whole one. */
function commonType(types: readonly NumberType[]): NumberType | undefined {
  if (types.every((type) => type === types[0])) return types[0];
  return types.includes("real") ? undefined : "numeric";
}

function better(name: "min" | "max", a: Float64Array, b: Float64Array, count: number): Float64Array {
  const data = new Float64Array(count);
  if (name === "min") {
    for (let row = 0; row < count; row++) {
      const x = a[row], y = b[row];
      data[row] = y <= x ? y : x < y ? x : NaN;
    }
  } else {
    for (let row = 0; row < count; row++) {
      const x = a[row], y = b[row];
      data[row] = y > x ? y : x >= y ? x : NaN;
    }
  }
  return data;
}
