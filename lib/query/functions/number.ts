import type { Value } from "../values/value.ts";
import { toInteger, toReal } from "../values/convert.ts";
import { MIN_INTEGER } from "../values/number_text.ts";
import { roundReal } from "../values/real_text.ts";
import type { ScalarFunction } from "./function.ts";
import { argument } from "./math.ts";

function abs(value: Value): Value {
  if (value === null) return null;
  if (typeof value !== "bigint") return absolute(toReal(value));
  if (value === MIN_INTEGER) throw new Error("integer overflow");
  return value < 0n ? -value : value;
}

/** Of a REAL; -0.0 stays as it is. */
function absolute(x: number): number {
  return x < 0 ? -x : x;
}

function sign(value: Value): Value {
  const x = argument(value);
  return x === undefined ? null : x > 0 ? 1n : x < 0 ? -1n : 0n;
}

function round(value: Value, places: Value = 0n): Value {
  if (value === null || places === null) return null;
  const wanted = toInteger(places);
  return roundReal(toReal(value), wanted > 30n ? 30 : wanted < 0n ? 0 : Number(wanted));
}

/** Functions of numbers that every SQLite has. */
export const NUMBER_FUNCTIONS: readonly ScalarFunction[] = [
  { name: "abs", least: 1, most: 1, isGiven: false, compute: abs },
  { name: "round", least: 1, most: 2, isGiven: false, compute: round },
  { name: "sign", least: 1, most: 1, isGiven: false, compute: sign },
];
