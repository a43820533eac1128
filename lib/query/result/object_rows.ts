import type { QueryResult, QueryValue } from "./answer.ts";
import { distinctNames } from "../../base/rows/distinct_names.ts";

/** A row by the names of its columns; of two columns of one name, the second is `name_1`. */
export type ObjectRow = Record<string, QueryValue>;

/**
 * The rows of an answer as objects: all of them in an array where it is awaited, one by one in `for await`. Either way they can
 * be read once.
 */
export class ObjectRows<Row extends object = ObjectRow> implements AsyncIterable<Row>, PromiseLike<Row[]> {
  constructor(readonly answer: PromiseLike<QueryResult>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void> {
    using answer = await this.answer;
    const toObject = objectMaker(answer.columns);
    for await (const rows of answer.chunks()) {
      for (const row of rows) yield toObject(row) as Row;
    }
  }

  then<Done = Row[], Failed = never>(
    onFulfilled?: ((rows: Row[]) => Done | PromiseLike<Done>) | null,
    onRejected?: ((error: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    return this.#all().then(onFulfilled, onRejected);
  }

  async #all(): Promise<Row[]> {
    using answer = await this.answer;
    const toObject = objectMaker(answer.columns);
    const objects: Row[] = [];
    for await (const rows of answer.chunks()) {
      for (const row of rows) objects.push(toObject(row) as Row);
    }
    return objects;
  }
}

/** Makes objects of rows, all with the same keys in the same order. */
function objectMaker(columns: readonly string[]): (row: readonly QueryValue[]) => ObjectRow {
  const names = distinctNames(columns);
  // An assignment to this name would set the prototype.
  if (names.includes("__proto__")) return (row) => Object.fromEntries(names.map((name, at) => [name, row[at]]));
  return (row) => {
    const object: ObjectRow = {};
    for (let at = 0; at < names.length; at++) object[names[at]] = row[at];
    return object;
  };
}
