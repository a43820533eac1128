import type { Answer, QueryValue } from "./result/answer.ts";
import { Breather } from "../base/breather.ts";
import { messageOf } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { SqlDatabase, SqlStatement } from "./sqlite/database.ts";
import { quoteName } from "./sql/quote.ts";
import { QueryError } from "./result/query_error.ts";
import type { ReadQuery } from "./read_query.ts";
import { TABLES } from "./tables/schema.ts";

/** The name of a column as the query has it, where dotted names have no quotes around them. */
export function asWritten(name: string, read: ReadQuery): string {
  return read.dotted.reduce((text, dotted) => text.replaceAll(quoteName(dotted.name), dotted.name), name);
}

/** Rows that SQLite finds. The answer owns the database. */
export class SqliteAnswer implements Answer {
  readonly columns: readonly string[];
  readonly #isNumber: readonly boolean[];
  readonly #bindings: Record<string, QueryValue>;
  #closed = false;

  constructor(
    readonly db: SqlDatabase,
    readonly statement: SqlStatement,
    readonly read: ReadQuery,
    params: Readonly<Record<string, QueryValue>>,
    readonly lines: readonly string[],
    readonly signal?: AbortSignal,
  ) {
    const columns = statement.columns();
    this.columns = columns.map((column) => asWritten(column.name, read));
    this.#bindings = { ...params };
    this.#isNumber = columns.map(({ table, column }) =>
      !read.mixesNulls && (table === "_points" && column === "value" ||
        table === "metrics" && ["first", "last", "min", "max", "mean"].includes(column ?? ""))
    );
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<QueryValue[]> {
    try {
      const rows = this.statement.iterate(this.#bindings) as unknown as Iterable<QueryValue[]>;
      let count = 0;
      const breather = new Breather(this.signal);
      for (const row of rows) {
        if ((++count & 255) === 0) await breather.pass();
        yield row.map((value, at) => this.#valueOf(value, at));
      }
      // An error in mid-iteration ends the rows without a word in the runtime's SQLite; asked for a count, it speaks.
      const names = this.columns.map((_, at) => `c${at}`);
      const counts = names.map((name) => `count(${name})`);
      const asked = `WITH answer (${names}) AS (${this.read.rewritten}\n) SELECT ${counts} FROM answer`;
      this.db.prepare(asked).get(this.#bindings);
    } catch (error) {
      throw explained(error, this.read);
    } finally {
      this[Symbol.dispose]();
    }
  }

  #valueOf(value: QueryValue, at: number): QueryValue {
    if (value === null) return this.#isNumber[at] ? NaN : null;
    if (typeof value !== "bigint") return value;
    return BigInt.asIntN(54, value) === value ? Number(value) : value;
  }

  explain(): string {
    const plan = this.db.prepare("EXPLAIN QUERY PLAN " + this.read.rewritten).all(this.#bindings) as {
      detail: string;
    }[];
    return [...this.lines, ...plan.map((step) => `plan: ${step.detail}`)].join("\n") + "\n";
  }

  [Symbol.dispose](): void {
    if (!this.#closed) this.db.close();
    this.#closed = true;
  }
}

/** SQLite's word for what is wrong, with the place in the query as it was written and the near name. */
export function explained(error: unknown, read: ReadQuery): unknown {
  if (!(error instanceof Error) || !("errcode" in error)) return error;
  const message = messageOf(error);
  const named = /^(?:no such (table|column|function)|ambiguous column name): (.*)$/.exec(message);
  if (named !== null) {
    const [, kind, name] = named;
    const last = name.slice(name.lastIndexOf(".") + 1);
    const columns = [...read.tables].flatMap((table) => table.columns.map(([column]) => column));
    const choices = kind === "table" ? TABLES.map((table) => table.name) : kind === "column" ? columns : [];
    const place = read.tokens.find((token) => token.value === last)?.start;
    return new QueryError(`Cannot run the query: ${message}${didYouMean(last, choices)}`, read.sql, place);
  }
  const near = /^near "(.*)": syntax error$/.exec(message);
  const places = near === null ? [] : read.tokens.filter((token) => token.raw === near[1] || token.value === near[1]);
  const place = message === "incomplete input" ? read.sql.length : places.length === 1 ? places[0].start : undefined;
  return new QueryError(`Cannot run the query: ${message}`, read.sql, place);
}
