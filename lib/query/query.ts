import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { messageOf } from "../base/errors.ts";
import { didYouMean } from "../base/suggest.ts";
import type { Problem } from "../repo/problem.ts";
import type { Repository } from "../repo/repository.ts";
import { load, type Loaded } from "./load.ts";
import { QueryError } from "./query_error.ts";
import { type ReadQuery, readQuery } from "./read_query.ts";
import { TABLES } from "./schema.ts";

/** A value of a row. Whole numbers that a double does not hold are bigint. */
export type QueryValue = null | number | bigint | string | Uint8Array;

/** How to ask. */
export interface QueryOptions {
  /** Values for `:name`, `@name` or `$name`. */
  readonly params?: Readonly<Record<string, QueryValue | boolean>>;
  /** Deleted experiments too. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
  /** Milliseconds since the Unix epoch, for how runs are doing. Default: now. */
  readonly now?: number;
  /** Told of each line of a log that is no event; the line is passed over. */
  readonly onProblem?: (problem: Problem) => void;
}

/** An answer: the rows come as they are found. Close it, or read it to its end. */
export interface Answer extends AsyncIterable<QueryValue[]>, Disposable {
  readonly columns: readonly string[];
  /** What was read, and SQLite's plan; for people. */
  explain(): string;
}

/**
 * Answers a `SELECT` (SQLite's dialect) over the tables of {@linkcode TABLES}. The parts of params, metadata,
 * environment, git and event data are columns by dotted names: `params.lr`, `data.loss`.
 *
 * Only the tables that the query names are read. NaN is NULL inside of SQLite; where a column is shown as it is, it comes
 * back as NaN.
 *
 * @throws {QueryError} With the place in the query, and the near name, where it cannot be answered.
 */
export async function query(repository: Repository, sql: string, options: QueryOptions = {}): Promise<Answer> {
  const read = readQuery(sql);
  checkParameters(read, options.params ?? {});
  const db = new DatabaseSync(":memory:");
  try {
    const loaded = await load(db, repository, read, { ...options, now: options.now ?? Date.now() });
    checkNames(read, loaded);
    db.exec("PRAGMA query_only = 1");
    const statement = prepare(db, read);
    return new SqliteAnswer(db, statement, read, loaded, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

class SqliteAnswer implements Answer {
  readonly columns: readonly string[];
  readonly #isNumber: readonly boolean[];
  #closed = false;

  constructor(
    readonly db: DatabaseSync,
    readonly statement: StatementSync,
    readonly read: ReadQuery,
    readonly loaded: Loaded,
    readonly options: QueryOptions,
  ) {
    const columns = statement.columns();
    this.columns = columns.map((column) => column.name);
    this.#isNumber = columns.map(({ table, column }) =>
      !read.mixesNulls && (table === "_points" && column === "value" ||
        table === "metrics" && ["first", "last", "min", "max", "mean"].includes(column ?? ""))
    );
    statement.setReadBigInts(true);
    // The types that come with the runtime do not know it yet.
    (statement as unknown as { setReturnArrays(on: boolean): void }).setReturnArrays(true);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<QueryValue[]> {
    try {
      const rows = this.statement.iterate(bindings(this.options.params ?? {})) as unknown as Iterable<QueryValue[]>;
      let count = 0;
      for (const row of rows) {
        if ((++count & 1023) === 0) {
          await new Promise((resolve) => setTimeout(resolve, 0));
          this.options.signal?.throwIfAborted();
        }
        yield row.map((value, at) => this.#valueOf(value, at));
      }
      // An error in mid-iteration ends the rows without a word in the runtime's SQLite; asked for a count, it speaks.
      const names = this.columns.map((_, at) => `c${at}`);
      const counts = names.map((name) => `count(${name})`);
      const asked = `WITH answer (${names}) AS (${this.read.rewritten}\n) SELECT ${counts} FROM answer`;
      this.db.prepare(asked).get(bindings(this.options.params ?? {}));
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
    const { experiments, logs, bytes, rows } = this.loaded;
    const lines = [
      "executor: sqlite, over tables in memory that hold what the logs say",
      `read: ${experiments} experiments, ${logs} logs, ${bytes} bytes of them`,
      ...Array.from(rows, ([table, count]) => `table: ${table}, ${count} rows`),
    ];
    const plan = this.db.prepare("EXPLAIN QUERY PLAN " + this.read.rewritten).all(bindings(this.options.params ?? {}));
    return [...lines, ...plan.map((step) => `plan: ${step.detail}`)].join("\n") + "\n";
  }

  [Symbol.dispose](): void {
    if (!this.#closed) this.db.close();
    this.#closed = true;
  }
}

function bindings(params: Readonly<Record<string, QueryValue | boolean>>): Record<string, SQLInputValue> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === "boolean" ? Number(value) : value]),
  );
}

function checkParameters(read: ReadQuery, params: Readonly<Record<string, unknown>>): void {
  for (const token of read.tokens) {
    if (token.kind !== "parameter") continue;
    const name = token.raw.slice(1);
    if (token.raw[0] === "?") {
      throw new QueryError("Cannot bind a parameter without a name: write it as :name", read.sql, token.start);
    }
    if (Object.hasOwn(params, name)) continue;
    const hint = didYouMean(name, Object.keys(params));
    throw new QueryError(`Cannot run the query: the parameter "${name}" has no value${hint}`, read.sql, token.start);
  }
  for (const name of Object.keys(params)) {
    if (read.parameters.has(name)) continue;
    const hint = didYouMean(name, [...read.parameters]);
    throw new QueryError(`Cannot use the parameter "${name}": the query has no :${name}${hint}`, read.sql);
  }
}

/** A name that nothing has is a mistake, not an empty answer; where there is no data at all, every name may be right. */
function checkNames(read: ReadQuery, loaded: Loaded): void {
  for (const { name, family, position } of read.dotted) {
    const known = loaded.known.get(family) ?? new Set<string>();
    if (loaded.found.has(name) || known.size === 0) continue;
    throw new QueryError(`Cannot find the column "${name}"${didYouMean(name, [...known])}`, read.sql, position);
  }
  const jsonTable = read.tokens.some((token) => /^json_(each|tree)$/i.test(token.raw));
  if (jsonTable || loaded.series.size === 0) return;
  for (const { column, value, position } of read.seriesLiterals) {
    const known = column === "key" ? loaded.keys : loaded.series;
    if (known.has(value)) continue;
    throw new QueryError(`Cannot find the series "${value}"${didYouMean(value, [...known])}`, read.sql, position);
  }
}

function prepare(db: DatabaseSync, read: ReadQuery): StatementSync {
  try {
    return db.prepare(read.rewritten);
  } catch (error) {
    throw explained(error, read);
  }
}

/** SQLite's word for what is wrong, with the place in the query as it was written and the near name. */
function explained(error: unknown, read: ReadQuery): unknown {
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
