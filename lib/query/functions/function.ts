import type { Value } from "../values/value.ts";

/** A scalar function with code of its own: it gives what SQLite's built-in one gives, type and value. */
export interface ScalarFunction {
  readonly name: string;
  /** How many arguments it takes. */
  readonly least: number;
  readonly most: number;
  /** May throw an error, with the message that SQLite has for it. NaN is not among the answers. */
  readonly compute: (...args: readonly Value[]) => Value;
  /** Whether a build of SQLite may lack it, or compute it by another mathematical library: then both are given this one. */
  readonly isGiven: boolean;
  /** Whether it is dbx's own: no build of SQLite has it, so both are given it. Those are `isGiven` too. */
  readonly isOwn?: boolean;
}
