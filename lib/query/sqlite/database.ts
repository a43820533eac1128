import { DatabaseSync } from "node:sqlite";
import type { QueryValue } from "../result/answer.ts";

/** Values by the names of parameters. */
export type Bindings = Readonly<Record<string, QueryValue>>;

/** A statement of a {@linkcode SqlDatabase}. */
export interface SqlStatement {
  /** The rows, as they are found. */
  iterate(bindings?: Bindings): Iterable<unknown>;
  all(bindings?: Bindings): unknown[];
  get(bindings?: Bindings): unknown;
  /** Runs it with values for its `?` in order. */
  run(...values: readonly QueryValue[]): unknown;
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
  function(name: string, options: { readonly deterministic: boolean }, compute: (...values: never[]) => unknown): void;
  aggregate(name: string, options: object): void;
  close(): void;
  /** How many numbers aggregates may keep at one time. Default: as many as there are. */
  readonly mostNumbers?: number;
}

/** Makes an empty database in memory. */
export type DatabaseFactory = () => SqlDatabase;

const builtIn: DatabaseFactory = () => new DatabaseSync(":memory:") as unknown as SqlDatabase;
let factory = builtIn;

/** An empty database in memory. */
export function openDatabase(): SqlDatabase {
  return factory();
}

/**
 * Has all queries of this thread use another SQLite; undefined: the runtime's own. A server's workers use one that can be
 * stopped in the middle of a statement, which the runtime's cannot.
 */
export function useDatabase(other: DatabaseFactory | undefined): void {
  factory = other ?? builtIn;
}
