import { Yielder } from "../../base/yielder.ts";
import type { Value } from "../values/value.ts";
import type { Bindings, SqlDatabase, SqlStatement } from "./database.ts";
import { toQueryError } from "./sqlite_error.ts";

/** Rows that come at once. */
const CHUNK = 1024;

/** What to ask a database, and how. */
export interface SqliteQuery {
  /** The query as it is printed for the database, and its parameters. */
  readonly sql: string;
  readonly bindings: Bindings;
  /** Whether the whole answer is to be found before the first row is given. */
  readonly isHeld: boolean;
  /** The query as it was written. */
  readonly query: string;
  /** What to say of it before SQLite's plan. */
  readonly lines: readonly string[];
  readonly signal?: AbortSignal;
}

/** The rows that SQLite finds. It owns the database; close it, or read the rows to their end. */
export class SqliteRows implements Disposable {
  readonly #statement: SqlStatement;

  constructor(readonly db: SqlDatabase, readonly question: SqliteQuery) {
    this.#statement = db.prepare(question.sql);
  }

  /** The rows, some at a time; once. */
  async *rows(): AsyncGenerator<readonly (readonly Value[])[]> {
    const { query, signal, isHeld } = this.question;
    const yielder = new Yielder(signal);
    try {
      await yielder.checkpoint();
      const found = isHeld ? this.#heldRows() : this.#plainRows(this.#statement, this.question.bindings);
      let chunk: (readonly Value[])[] = [];
      for (const row of found) {
        chunk.push(row);
        if (chunk.length < CHUNK && ((chunk.length & 31) > 0 || !yielder.shouldYield)) continue;
        yield chunk;
        chunk = [];
        await yielder.checkpoint();
      }
      if (chunk.length > 0) yield chunk;
    } catch (error) {
      throw toQueryError(error, query);
    } finally {
      this[Symbol.dispose]();
    }
  }

  #plainRows(statement: SqlStatement, bindings: Bindings = {}): Iterable<Value[]> {
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return statement.iterate(bindings) as Iterable<Value[]>;
  }

  /**
   * The runtime's SQLite ends rows without a word where an error comes up among them, and cuts texts at U+0000: the answer goes
   * into a table first, by a statement that speaks, and what is cut is read as bytes.
   */
  *#heldRows(): Generator<Value[]> {
    const { sql, bindings } = this.question;
    const names = Array.from({ length: this.#statement.columns().length }, (_, at) => `c${at}`);
    this.db.exec(`CREATE TEMP TABLE answer(${names.join(", ")})`);
    this.db.prepare(`INSERT INTO temp.answer ${sql}`).run(bindings);
    const cut = names.map((name) => `(typeof(${name}) = 'text' AND instr(${name}, char(0)) > 0)`);
    const isCut = this.db.prepare(`SELECT 1 FROM temp.answer WHERE ${cut.join(" OR ")} LIMIT 1`).get() !== undefined;
    if (!isCut) return yield* this.#plainRows(this.db.prepare(`SELECT * FROM temp.answer`));
    const bytes = names.map((name, at) => `CASE WHEN ${cut[at]} THEN CAST(${name} AS BLOB) END`);
    const both = this.db.prepare(`SELECT *, ${bytes.join(", ")} FROM temp.answer`);
    for (const row of this.#plainRows(both)) {
      yield names.map((_, at) => {
        const whole = row[names.length + at];
        return whole instanceof Uint8Array ? decoder.decode(whole) : row[at];
      });
    }
  }

  /** What was loaded, and SQLite's plan; for people. To be asked before the rows are read. */
  explain(): string {
    const { sql, bindings, lines } = this.question;
    const steps = this.db.prepare(`EXPLAIN QUERY PLAN ${sql}`);
    const plan = [...steps.iterate(bindings)] as { readonly detail: string }[];
    return [...lines, ...plan.map(({ detail }) => `plan: ${detail}`)].join("\n") + "\n";
  }

  [Symbol.dispose](): void {
    this.db.close();
  }
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
