// SQLite compiled to WebAssembly, which asks now and then whether it may go on. The runtime's own SQLite cannot be stopped
// in the middle of a statement, nor can the thread that it runs in.
// deno-lint-ignore no-import-prefix -- a URL import of the library has no import map
import init from "npm:@sqlite.org/sqlite-wasm@3.53.4-build2";

// deno-lint-ignore no-import-prefix -- the same
import wasm from "npm:@sqlite.org/sqlite-wasm@3.53.4-build2/sqlite3.wasm" with { type: "bytes" };
import { guardedFunctions } from "./bounded_functions.ts";
import type {
  DatabaseFactory,
  RegisteredAggregate,
  RegisteredFunction,
  SqlDatabase,
  SqlStatement,
} from "../database.ts";
import { setMaxSortedNumbers } from "../functions/sorted_numbers.ts";
import { WasmFunctions } from "./wasm_functions.ts";
import { fail, type StatementSqlite, WasmStatement } from "./wasm_statement.ts";

/** What statements may use. */
export interface SqlLimits {
  /** Bytes of memory of all databases of the thread together. */
  readonly memory: number;
  /** Bytes of one text or blob. */
  readonly length: number;
}

/** Steps of SQLite's machine between two questions whether it may go on. Few, because a step can be a long one. */
const STEPS = 100;

type Sqlite = Awaited<ReturnType<typeof init>>;
type Capi = Sqlite["capi"];
type Pointer = number;

/**
 * Loads SQLite for this thread. `shouldContinue` is asked all the time while a statement runs; where it throws, or says no, the
 * statement ends with an error.
 */
export async function loadSqlite(limits: SqlLimits, shouldContinue: () => boolean): Promise<DatabaseFactory> {
  const quiet = { wasmBinary: wasm, print: () => {}, printErr: () => {} };
  const console_ = { error: console.error, warn: console.warn, log: console.log };
  // It writes what goes wrong in hostile statements to the console; that is for who asked.
  const sqlite = await (init as unknown as (options: object) => Promise<Sqlite>)(quiet);
  (sqlite as unknown as { config: Record<string, unknown> }).config.error = () => {};
  (sqlite as unknown as { config: Record<string, unknown> }).config.warn = () => {};
  Object.assign(console, console_);
  const helper = new sqlite.oo1.DB(":memory:");
  sqlite.capi.sqlite3_limit(helper, sqlite.capi.SQLITE_LIMIT_LENGTH, limits.length);
  const guard = guardedFunctions(sqlite, { helper, prepare: (sql) => helper.prepare(sql).pointer });
  const functions = new WasmFunctions(sqlite);
  setMaxSortedNumbers(limits.memory / 16);
  return () => {
    const db = new WasmDatabase(sqlite, functions, limits, shouldContinue);
    guard(db.pointer);
    return db;
  };
}

class WasmDatabase implements SqlDatabase {
  readonly #db: InstanceType<Sqlite["oo1"]["DB"]>;
  readonly #statements = new Set<WasmStatement>();
  #closed = false;

  constructor(
    readonly sqlite: Sqlite,
    readonly functions: WasmFunctions,
    limits: SqlLimits,
    shouldContinue: () => boolean,
  ) {
    const { capi } = sqlite;
    this.#db = new sqlite.oo1.DB(":memory:");
    this.#db.exec(`PRAGMA hard_heap_limit = ${limits.memory}; PRAGMA temp_store = MEMORY`);
    capi.sqlite3_limit(this.#db, capi.SQLITE_LIMIT_LENGTH, limits.length);
    for (const [limit, most] of [["ATTACHED", 0], ["LIKE_PATTERN_LENGTH", 1000], ["FUNCTION_ARG", 127]] as const) {
      capi.sqlite3_limit(this.#db, capi[`SQLITE_LIMIT_${limit}`], most);
    }
    const ask = () => {
      try {
        return shouldContinue() ? 0 : 1;
      } catch {
        return 1;
      }
    };
    capi.sqlite3_progress_handler(this.#db, STEPS, ask, 0 as never);
  }

  /** The connection, for what SQLite's C interface does with it. */
  get pointer(): unknown {
    return this.#db.pointer;
  }

  exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql));
  }

  prepare(sql: string): SqlStatement {
    const statement = this.#guard(() =>
      new WasmStatement(
        this.sqlite as unknown as StatementSqlite,
        this.#db,
        this.#db.prepare(sql),
        (work) => this.#guard(work),
      )
    );
    this.#statements.add(statement);
    return statement;
  }

  deserialize(image: Uint8Array): void {
    const { capi, wasm } = this.sqlite;
    const { SQLITE_DESERIALIZE_FREEONCLOSE, SQLITE_DESERIALIZE_RESIZEABLE } = capi;
    const flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
    this.#guard(() => {
      const place = wasm.alloc.impl(image.length);
      if (place === 0) throw Object.assign(new Error("out of memory"), { resultCode: capi.SQLITE_NOMEM });
      wasm.heap8u().set(image, place);
      // On failure it frees the bytes too.
      const code = capi.sqlite3_deserialize(this.pointer as never, "main", place, image.length, image.length, flags);
      if (code !== 0) fail(code, "the tables could not be given to SQLite");
    });
  }

  registerFunction(given: RegisteredFunction): void {
    this.functions.register(this.pointer, given);
  }

  giveAggregate(given: RegisteredAggregate<unknown>): void {
    this.functions.giveAggregate(this.pointer, given);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const statement of this.#statements) statement.finalize();
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Errors in the words of the runtime's SQLite: the message alone, and a number. */
  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const code = (error as { resultCode?: number }).resultCode;
      if (code === undefined) throw error;
      const { capi } = this.sqlite;
      const said = this.#closed ? "" : capi.sqlite3_errmsg(this.#db) as string;
      const message = code === capi.SQLITE_NOMEM
        ? "the query needs more memory than it may have"
        : said === "" || said === "not an error"
        ? (error as Error).message
        : said;
      throw Object.assign(new Error(message), { errcode: code });
    }
  }
}
