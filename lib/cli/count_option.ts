import { UsageError } from "../base/errors.ts";
import type { Parsed } from "./command.ts";
import { number } from "./parse.ts";

/** An option that counts something: a whole number from 0. */
export function countOption<T extends number | undefined>(parsed: Parsed, name: string, unset: T): number | T {
  const value = number(parsed, name);
  if (value === undefined) return unset;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`Cannot use ${value} as --${name}: it must be a whole number, 0 or more`);
}
