import type { Value } from "../values/value.ts";
import { real } from "../values/arithmetic.ts";
import { numberOf } from "../values/convert.ts";
import type { ScalarFunction } from "./function.ts";

/** A number, also as a text; undefined for all else, of which the mathematical functions make NULL. */
export function argument(value: Value): bigint | number | undefined {
  if (typeof value === "string") return numberOf(value);
  return typeof value === "bigint" || typeof value === "number" ? value : undefined;
}

const degree = Math.PI / 180;

/** Functions of one REAL. */
export const REAL_FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cos: Math.cos,
  cosh: Math.cosh,
  degrees: (x) => x * (180 / Math.PI),
  exp: Math.exp,
  ln: (x) => x > 0 ? Math.log(x) : NaN,
  log10: (x) => x > 0 ? Math.log10(x) : NaN,
  log2: (x) => x > 0 ? Math.log2(x) : NaN,
  radians: (x) => x * degree,
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
};

/** Functions of two REALs. */
export const REAL_FUNCTIONS_2: Readonly<Record<string, (x: number, y: number) => number>> = {
  atan2: Math.atan2,
  mod: (x, y) => x % y,
  pow: power,
  power,
};

/** C's `pow`, which knows 1 to any power, and -1 to an infinite one. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y;
}

/** Functions that leave an INTEGER as it is. */
export const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  ceil: Math.ceil,
  ceiling: Math.ceil,
  floor: Math.floor,
  trunc: Math.trunc,
};

function log(first: Value, second?: Value): Value {
  const a = argument(first);
  if (a === undefined || !(Number(a) > 0)) return null;
  if (second === undefined) return real(Math.log10(Number(a)));
  const base = Math.log(Number(a));
  const x = argument(second);
  return base > 0 && x !== undefined && Number(x) > 0 ? real(Math.log(Number(x)) / base) : null;
}

/** The mathematical functions of SQLite. */
export const MATH_FUNCTIONS: readonly ScalarFunction[] = [
  ...Object.entries(REAL_FUNCTIONS).map(([name, compute]): ScalarFunction => ({
    name,
    least: 1,
    most: 1,
    isGiven: true,
    compute: (value) => {
      const x = argument(value);
      return x === undefined ? null : real(compute(Number(x)));
    },
  })),
  ...Object.entries(REAL_FUNCTIONS_2).map(([name, compute]): ScalarFunction => ({
    name,
    least: 2,
    most: 2,
    isGiven: true,
    compute: (first, second) => {
      const x = argument(first);
      const y = argument(second);
      return x === undefined || y === undefined ? null : real(compute(Number(x), Number(y)));
    },
  })),
  ...Object.entries(ROUNDINGS).map(([name, compute]): ScalarFunction => ({
    name,
    least: 1,
    most: 1,
    isGiven: true,
    compute: (value) => {
      const x = argument(value);
      return x === undefined ? null : typeof x === "bigint" ? x : compute(x);
    },
  })),
  { name: "log", least: 1, most: 2, isGiven: true, compute: (a, b) => log(a, b) },
  { name: "pi", least: 0, most: 0, isGiven: true, compute: () => Math.PI },
];
