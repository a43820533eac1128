import { CHOICE_FUNCTIONS } from "./choice.ts";
import type { ScalarFunction } from "./function.ts";
import { TAG_AND_GLOB_FUNCTIONS } from "./tags_and_globs.ts";
import { MATH_FUNCTIONS } from "./math.ts";
import { NUMBER_FUNCTIONS } from "./number.ts";
import { TEXT_FUNCTIONS } from "./text.ts";

/**
 * The scalar functions that have code of their own, by their names in small letters. Names and numbers of arguments are for
 * the binder, `compute` for the column executor; those with `isGiven` are given to every SQLite.
 */
export const SCALAR_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map(
  [...CHOICE_FUNCTIONS, ...MATH_FUNCTIONS, ...NUMBER_FUNCTIONS, ...TAG_AND_GLOB_FUNCTIONS, ...TEXT_FUNCTIONS].map((
    one,
  ) => [one.name, one]),
);

/** The function of a name for so many arguments, if it has code of its own. */
export function scalarFunction(name: string, args: number): ScalarFunction | undefined {
  const found = SCALAR_FUNCTIONS.get(name);
  return found !== undefined && args >= found.least && args <= found.most ? found : undefined;
}
