import type { QueryValue } from "../result/answer.ts";
import type { Value } from "../values/value.ts";

/** Values by the names of parameters. */
export type Bindings = Readonly<Record<string, QueryValue>>;

/** A statement of a {@linkcode SqlDatabase}. */
export interface SqlStatement {
  /** The rows, as they are found. */
  iterate(bindings?: Bindings): Iterable<unknown>;
  all(bindings?: Bindings): unknown[];
  get(bindings?: Bindings): unknown;
  /** Runs it with values for its `?` in order, or by the names of parameters. */
  run(...values: readonly (QueryValue | Bindings)[]): unknown;
  /** What its rows have: the name as written, and the table and column that it is, where it is one. */
  columns(): readonly { readonly name: string; readonly table: string | null; readonly column: string | null }[];
  setReadBigInts(on: boolean): void;
  /** Rows as arrays instead of objects. */
  setReturnArrays(on: boolean): void;
}

/** What queries need of SQLite. */
export interface SqlDatabase extends Disposable {
  exec(sql: string): void;
  prepare(sql: string): SqlStatement;
  /** Makes the database what an image in SQLite's file format holds. */
  deserialize(image: Uint8Array): void;
  /** Gives it a function, in the place of one of its own of that name and number of arguments. */
  registerFunction(given: RegisteredFunction): void;
  giveAggregate(given: RegisteredAggregate<unknown>): void;
  close(): void;
  /** Whether an error in the middle of the rows of a statement ends them without a word, and texts end at U+0000. */
  readonly canFailSilently?: boolean;
}

/** A function of values, which says errors by throwing them. */
export interface RegisteredFunction {
  readonly name: string;
  /** How many arguments it takes; -1: any number. */
  readonly count: number;
  readonly compute: (...values: readonly Value[]) => Value;
}

/** An aggregate, which may be a window function where it has an inverse. */
export interface RegisteredAggregate<State> {
  readonly name: string;
  readonly count: number;
  readonly start: () => State;
  readonly step: (state: State, values: readonly Value[]) => void;
  /** Takes back the oldest step. */
  readonly inverse?: (state: State, values: readonly Value[]) => void;
  /** Asked after each row of a window, and once of a group. */
  readonly result: (state: State) => Value;
  /** Called with a state that is needed no more, where the build says so. */
  readonly end?: (state: State) => void;
}

/** Makes an empty database in memory. */
export type DatabaseFactory = () => SqlDatabase;
