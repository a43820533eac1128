import { DatabaseSync } from "node:sqlite";
import { messageOf } from "../../../base/errors.ts";
import type { Value } from "../../values/value.ts";
import type { RegisteredAggregate, RegisteredFunction, SqlDatabase, SqlStatement } from "../database.ts";

/** What the runtime's SQLite has and its types do not know. */
interface Untyped {
  deserialize(image: Uint8Array): void;
}

/** The SQLite of the runtime. It cannot be stopped in the middle of a statement. */
export class RuntimeDatabase implements SqlDatabase {
  static readonly takesImages: boolean = "deserialize" in DatabaseSync.prototype;
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

  registerFunction({ name, count, compute }: RegisteredFunction): void {
    const options = { deterministic: true, useBigIntArguments: true, varargs: count < 0 };
    const work = (...values: unknown[]) => withCode(() => compute(...values as Value[]));
    this.#db.function(name, options, ofLength(count, work));
  }

  giveAggregate({ name, count, start, step, inverse, result }: RegisteredAggregate<unknown>): void {
    // What is thrown in a step is lost: it waits for the result. The number of arguments is derived from the functions,
    // which have the state as the first.
    const stepped = (change: (state: unknown, values: readonly Value[]) => void) =>
      ofLength(count + 1, (given, ...values) => {
        const state = given as { error?: unknown; readonly own: unknown };
        try {
          if (state.error === undefined) change(state.own, values as Value[]);
        } catch (error) {
          state.error = error;
        }
        return state as unknown as Value;
      });
    this.#db.aggregate(name, {
      useBigIntArguments: true,
      start: () => ({ own: start() }),
      step: stepped(step),
      ...inverse === undefined ? {} : { inverse: stepped(inverse) },
      result: ({ own, error }: { readonly own: unknown; readonly error?: unknown }) =>
        withCode(() => {
          if (error !== undefined) throw error;
          return result(own);
        }),
    } as never);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Errors of functions as SQLite's own: with its number for them. */
function withCode<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw Object.assign(new Error(messageOf(error)), { errcode: 1 });
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
