import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import type { Value } from "../result/value.ts";
import type { GivenAggregate, GivenFunction, SqlDatabase, SqlStatement } from "./database.ts";

/** What the runtime's SQLite has and its types do not know. */
interface Untyped {
  deserialize(image: Uint8Array): void;
}

/** The SQLite of the runtime. It cannot be stopped in the middle of a statement. */
export class RuntimeDatabase implements SqlDatabase {
  readonly #db = new DatabaseSync(":memory:");
  readonly canFailSilently = true;

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  prepare(sql: string): SqlStatement {
    return this.#db.prepare(sql) as unknown as SqlStatement;
  }

  deserialize(image: Uint8Array): void {
    (this.#db as unknown as Untyped).deserialize(image);
  }

  function(name: string, options: { readonly deterministic: boolean }, compute: (...values: never[]) => unknown): void {
    this.#db.function(name, options, compute as unknown as (...values: unknown[]) => SQLInputValue);
  }

  aggregate(name: string, options: object): void {
    this.#db.aggregate(name, options as never);
  }

  give({ name, count, compute }: GivenFunction): void {
    const options = { deterministic: true, useBigIntArguments: true, varargs: count < 0 };
    this.#db.function(name, options, ofLength(count, compute as (...values: unknown[]) => Value));
  }

  giveAggregate({ name, count, start, step, inverse, result }: GivenAggregate<unknown>): void {
    // The number of arguments is told from the functions: the state goes first.
    const stepped = (change: (state: unknown, values: readonly Value[]) => void) =>
      ofLength(count + 1, (state, ...values) => {
        change(state, values as Value[]);
        return state as Value;
      });
    this.#db.aggregate(name, {
      useBigIntArguments: true,
      start,
      step: stepped(step),
      ...inverse === undefined ? {} : { inverse: stepped(inverse) },
      result,
    } as never);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A function with as many parameters as SQLite is to take; fewer than 0: any number. */
function ofLength(
  count: number,
  compute: (...values: unknown[]) => Value,
): (...values: unknown[]) => Exclude<Value, undefined> {
  switch (count) {
    case 0:
      return () => compute();
    case 1:
      return (a) => compute(a);
    case 2:
      return (a, b) => compute(a, b);
    case 3:
      return (a, b, c) => compute(a, b, c);
    default:
      return (...values) => compute(...values);
  }
}
