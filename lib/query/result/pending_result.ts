import type { QueryResult } from "./answer.ts";
import { type ObjectRow, ObjectRows } from "./object_rows.ts";

/** An answer that is on its way: await it for rows as arrays, or ask for rows as objects. */
export class PendingResult<Result extends QueryResult = QueryResult> implements Promise<Result> {
  readonly [Symbol.toStringTag] = "PendingResult";
  readonly #result: Promise<Result>;

  constructor(result: Promise<Result>) {
    this.#result = result;
  }

  /**
   * The rows as objects, by the names of the columns. `Row` says what the query gives; it is not checked.
   *
   * ```ts ignore
   * const best = await repo.query("SELECT id, kind FROM experiments").objects<{ id: string; kind: string }>();
   * for await (const { key, value } of repo.query("SELECT key, value FROM points").objects()) console.log(key, value);
   * ```
   */
  objects<Row extends object = ObjectRow>(): ObjectRows<Row> {
    return new ObjectRows<Row>(this.#result);
  }

  then<Done = Result, Failed = never>(
    onFulfilled?: ((result: Result) => Done | PromiseLike<Done>) | null,
    onRejected?: ((error: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.#result.then(onFulfilled, onRejected);
  }

  catch<Failed = never>(
    onRejected?: ((error: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Result | Failed> {
    return this.#result.catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Result> {
    return this.#result.finally(onFinally);
  }
}
