import type { Value } from "../values/value.ts";
import { compareValues } from "../values/compare.ts";
import { truth } from "../values/convert.ts";
import type { ScalarFunction } from "./function.ts";

function coalesce(...values: readonly Value[]): Value {
  for (const value of values) if (value !== null) return value;
  return null;
}

/** Pairs of condition and value, and at last what else. */
function iif(...values: readonly Value[]): Value {
  let at = 0;
  for (; at + 1 < values.length; at += 2) if (truth(values[at])) return values[at + 1];
  return at < values.length ? values[at] : null;
}

/** The least or greatest; NULL where one is NULL. Of equal ones the last least, the first greatest. */
function extreme(isBetter: (comparison: number) => boolean): (...values: readonly Value[]) => Value {
  return (...values) => {
    let best = values[0];
    for (const value of values) {
      if (value === null) return null;
      if (isBetter(compareValues(best, value))) best = value;
    }
    return best;
  };
}

function typeOf(value: Value): Value {
  if (value === null) return "null";
  switch (typeof value) {
    case "bigint":
      return "integer";
    case "number":
      return "real";
    case "string":
      return "text";
  }
  return "blob";
}

/** Functions that choose one of their arguments, or say what it is. */
export const CHOICE_FUNCTIONS: readonly ScalarFunction[] = [
  { name: "coalesce", least: 2, most: Infinity, isGiven: false, compute: coalesce },
  { name: "ifnull", least: 2, most: 2, isGiven: false, compute: coalesce },
  { name: "iif", least: 2, most: Infinity, isGiven: false, compute: iif },
  { name: "if", least: 2, most: Infinity, isGiven: false, compute: iif },
  {
    name: "nullif",
    least: 2,
    most: 2,
    isGiven: false,
    compute: (a, b) => a !== null && b !== null && compareValues(a, b) === 0 ? null : a,
  },
  { name: "min", least: 2, most: Infinity, isGiven: false, compute: extreme((comparison) => comparison >= 0) },
  { name: "max", least: 2, most: Infinity, isGiven: false, compute: extreme((comparison) => comparison < 0) },
  { name: "typeof", least: 1, most: 1, isGiven: false, compute: typeOf },
  { name: "likely", least: 1, most: 1, isGiven: false, compute: (value) => value },
  { name: "unlikely", least: 1, most: 1, isGiven: false, compute: (value) => value },
];
