// SQLite compiled to WebAssembly, which asks now and then whether it may go on. The runtime's own SQLite cannot be stopped
// in the middle of a statement, nor can the thread that it runs in.
// deno-lint-ignore no-import-prefix -- a URL import of the library has no import map
import init from "npm:@sqlite.org/sqlite-wasm@3.53.4-build2";
// deno-lint-ignore no-import-prefix -- the same
import wasm from "npm:@sqlite.org/sqlite-wasm@3.53.4-build2/sqlite3.wasm" with { type: "bytes" };
import type { QueryValue } from "../result/answer.ts";
import { guardedFunctions } from "./bounded_functions.ts";
import type {
  Bindings,
  DatabaseFactory,
  GivenAggregate,
  GivenFunction,
  SqlDatabase,
  SqlStatement,
} from "./database.ts";
import { setRoomForNumbers } from "./given/sorted_numbers.ts";
import { WasmFunctions } from "./wasm_functions.ts";

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
 * Loads SQLite for this thread. `mayGoOn` is asked all the time while a statement runs; where it throws, or says no, the
 * statement ends with an error.
 */
export async function loadSqlite(limits: SqlLimits, mayGoOn: () => boolean): Promise<DatabaseFactory> {
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
  setRoomForNumbers(limits.memory / 16);
  return () => {
    const db = new WasmDatabase(sqlite, functions, limits, mayGoOn);
    guard(db.pointer);
    return db;
  };
}

class WasmDatabase implements SqlDatabase {
  readonly #db: InstanceType<Sqlite["oo1"]["DB"]>;
  readonly #statements = new Set<WasmStatement>();
  readonly mostNumbers: number;
  #closed = false;

  constructor(
    readonly sqlite: Sqlite,
    readonly functions: WasmFunctions,
    limits: SqlLimits,
    mayGoOn: () => boolean,
  ) {
    const { capi } = sqlite;
    this.mostNumbers = limits.memory / 16;
    this.#db = new sqlite.oo1.DB(":memory:");
    this.#db.exec(`PRAGMA hard_heap_limit = ${limits.memory}; PRAGMA temp_store = MEMORY`);
    capi.sqlite3_limit(this.#db, capi.SQLITE_LIMIT_LENGTH, limits.length);
    for (const [limit, most] of [["ATTACHED", 0], ["LIKE_PATTERN_LENGTH", 1000], ["FUNCTION_ARG", 127]] as const) {
      capi.sqlite3_limit(this.#db, capi[`SQLITE_LIMIT_${limit}`], most);
    }
    const ask = () => {
      try {
        return mayGoOn() ? 0 : 1;
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
      new WasmStatement(this.sqlite, this.#db, this.#db.prepare(sql), (work) => this.#guard(work))
    );
    this.#statements.add(statement);
    return statement;
  }

  function(
    name: string,
    { deterministic }: { readonly deterministic: boolean },
    compute: (...values: never[]) => unknown,
  ): void {
    const xFunc = (context: Pointer, ...values: unknown[]) => {
      result(this.sqlite.capi, context, (compute as (...values: unknown[]) => unknown)(...values));
    };
    this.#db.createFunction({ name, arity: compute.length, deterministic, xFunc } as never);
  }

  aggregate(name: string, options: object): void {
    const { start, step, result: finish } = options as {
      start(): unknown;
      step(state: unknown, value: unknown): unknown;
      result(state: unknown): unknown;
    };
    const { capi } = this.sqlite;
    const states = new Map<Pointer, unknown>();
    const xStep = (context: Pointer, value: unknown) => {
      const key = capi.sqlite3_aggregate_context(context as never, 8) as Pointer;
      states.set(key, step(states.has(key) ? states.get(key) : start(), value));
    };
    const xFinal = (context: Pointer) => {
      const key = capi.sqlite3_aggregate_context(context as never, 0) as Pointer;
      const state = states.has(key) ? states.get(key) : start();
      states.delete(key);
      result(capi, context, finish(state));
    };
    this.#db.createFunction({ name, arity: 1, deterministic: true, xStep, xFinal } as never);
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

  give(given: GivenFunction): void {
    this.functions.give(this.pointer, given);
  }

  giveAggregate(given: GivenAggregate<unknown>): void {
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

/** A result of a function: every number is a REAL, as with the runtime's SQLite. */
function result(capi: Capi, context: Pointer, value: unknown): void {
  const to = context as never;
  if (typeof value === "number") {
    if (Number.isNaN(value)) capi.sqlite3_result_null(to);
    else capi.sqlite3_result_double(to, value);
  } else if (value === null || value === undefined) capi.sqlite3_result_null(to);
  else capi.sqlite3_result_js(to, value as never);
}

class WasmStatement implements SqlStatement {
  #bigInts = false;
  #arrays = false;
  readonly #pointer: Pointer;
  readonly #names: string[] = [];

  constructor(
    readonly sqlite: Sqlite,
    readonly db: unknown,
    readonly statement: { pointer?: unknown; finalize(): unknown; columnCount: number; parameterCount: number },
    readonly guard: <T>(work: () => T) => T,
  ) {
    this.#pointer = statement.pointer as Pointer;
    const { capi } = sqlite;
    for (let at = 1; at <= statement.parameterCount; at++) {
      this.#names.push((capi.sqlite3_bind_parameter_name(this.#pointer as never, at) as string | null) ?? "");
    }
  }

  finalize(): void {
    this.statement.finalize();
  }

  *iterate(bindings: Bindings = {}): Generator<unknown> {
    const { capi } = this.sqlite;
    const pointer = this.#pointer as never;
    this.#bind(bindings);
    const names = this.#columnNames();
    try {
      while (this.#step()) {
        const row = names.map((_, at) => this.#value(at));
        yield this.#arrays ? row : Object.fromEntries(names.map((name, at) => [name, row[at]]));
      }
    } finally {
      capi.sqlite3_reset(pointer);
    }
  }

  all(bindings?: Bindings): unknown[] {
    return [...this.iterate(bindings)];
  }

  get(bindings?: Bindings): unknown {
    for (const row of this.iterate(bindings)) return row;
  }

  run(...values: readonly (QueryValue | Bindings)[]): void {
    const { capi } = this.sqlite;
    const [first] = values;
    if (isBindings(first)) this.#bind(first);
    else for (let at = 0; at < values.length; at++) this.#set(at + 1, values[at] as QueryValue);
    try {
      while (this.#step());
    } finally {
      capi.sqlite3_reset(this.#pointer as never);
    }
  }

  columns(): { name: string; table: string | null; column: string | null }[] {
    const capi = this.sqlite.capi as unknown as Record<string, (pointer: Pointer, at: number) => string | null>;
    return this.#columnNames().map((name, at) => ({
      name,
      table: capi.sqlite3_column_table_name(this.#pointer, at),
      column: capi.sqlite3_column_origin_name(this.#pointer, at),
    }));
  }

  setReadBigInts(on: boolean): void {
    this.#bigInts = on;
  }

  setReturnArrays(on: boolean): void {
    this.#arrays = on;
  }

  #columnNames(): string[] {
    const { capi } = this.sqlite;
    return Array.from(
      { length: this.statement.columnCount },
      (_, at) => capi.sqlite3_column_name(this.#pointer as never, at) as string,
    );
  }

  #step(): boolean {
    const { capi } = this.sqlite;
    const code = capi.sqlite3_step(this.#pointer as never);
    if (code === capi.SQLITE_ROW) return true;
    if (code === capi.SQLITE_DONE) return false;
    return this.guard(() => {
      throw Object.assign(new Error("interrupted"), { resultCode: code });
    });
  }

  #bind(bindings: Bindings): void {
    for (const [at, name] of this.#names.entries()) {
      const plain = name.slice(1);
      const value = Object.hasOwn(bindings, name) ? bindings[name] : bindings[plain];
      this.#set(at + 1, value ?? null);
    }
  }

  #set(at: number, value: QueryValue): void {
    const { capi } = this.sqlite;
    const pointer = this.#pointer as never;
    let code: number | undefined;
    if (value === null || value === undefined) capi.sqlite3_bind_null(pointer, at);
    else if (typeof value === "number") code = capi.sqlite3_bind_double(pointer, at, value);
    else if (typeof value === "bigint") code = capi.sqlite3_bind_int64(pointer, at, value);
    else if (typeof value === "string") {
      // As a place in memory: the wrapper's way for texts is broken in this version.
      const bytes = encoder.encode(value);
      const place = this.sqlite.wasm.allocFromTypedArray(bytes);
      code = capi.sqlite3_bind_text(pointer, at, place as never, bytes.length, capi.SQLITE_WASM_DEALLOC);
    } else code = capi.sqlite3_bind_blob(pointer, at, value as never, value.length, capi.SQLITE_TRANSIENT);
    if (code) this.guard(() => fail(code));
  }

  #value(at: number): QueryValue {
    const { capi } = this.sqlite;
    const pointer = this.#pointer as never;
    switch (capi.sqlite3_column_type(pointer, at)) {
      case capi.SQLITE_INTEGER: {
        const value = capi.sqlite3_column_int64(pointer, at) as bigint;
        return this.#bigInts ? BigInt(value) : Number(value);
      }
      case capi.SQLITE_FLOAT:
        return capi.sqlite3_column_double(pointer, at) as number;
      case capi.SQLITE_TEXT:
        return decoder.decode(this.#bytes(at));
      case capi.SQLITE_BLOB:
        return this.#bytes(at);
    }
    return null;
  }

  #bytes(at: number): Uint8Array<ArrayBuffer> {
    const { capi } = this.sqlite;
    const from = capi.sqlite3_column_blob(this.#pointer as never, at) as number;
    const length = capi.sqlite3_column_bytes(this.#pointer as never, at) as number;
    return this.sqlite.wasm.heap8u().slice(from, from + length) as Uint8Array<ArrayBuffer>;
  }
}

function isBindings(value: QueryValue | Bindings | undefined): value is Bindings {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function fail(resultCode: number, message = "a value could not be bound"): never {
  throw Object.assign(new Error(message), { resultCode });
}
