import type { QueryValue } from "../../result/answer.ts";
import type { Bindings, SqlStatement } from "../database.ts";

type Pointer = number;

/** What statements use of SQLite in WebAssembly: what is asked for each cell is called without a wrapper. */
export interface StatementSqlite {
  readonly capi: {
    readonly [constant: `SQLITE_${string}`]: number;
    sqlite3_bind_parameter_name(statement: Pointer, at: number): string | null;
    sqlite3_bind_text(statement: Pointer, at: number, from: Pointer, length: number, free: number): number;
    sqlite3_bind_blob(statement: Pointer, at: number, bytes: Uint8Array, length: number, free: number): number;
    sqlite3_column_name(statement: Pointer, at: number): string;
    sqlite3_column_table_name(statement: Pointer, at: number): string | null;
    sqlite3_column_origin_name(statement: Pointer, at: number): string | null;
  };
  readonly wasm: {
    allocFromTypedArray(bytes: Uint8Array): Pointer;
    heap8u(): Uint8Array;
    readonly exports: {
      sqlite3_step(statement: Pointer): number;
      sqlite3_reset(statement: Pointer): number;
      sqlite3_bind_null(statement: Pointer, at: number): number;
      sqlite3_bind_double(statement: Pointer, at: number, value: number): number;
      sqlite3_bind_int64(statement: Pointer, at: number, value: bigint): number;
      sqlite3_column_type(statement: Pointer, at: number): number;
      sqlite3_column_int64(statement: Pointer, at: number): bigint;
      sqlite3_column_double(statement: Pointer, at: number): number;
      sqlite3_column_blob(statement: Pointer, at: number): Pointer;
      sqlite3_column_bytes(statement: Pointer, at: number): number;
    };
  };
}

/** What `sqlite3_column_type` gives, which are the same in all of SQLite. */
const [INTEGER, FLOAT, TEXT, BLOB] = [1, 2, 3, 4];
const [ROW, DONE] = [100, 101];

/** A statement of SQLite in WebAssembly. */
export class WasmStatement implements SqlStatement {
  #bigInts = false;
  #arrays = false;
  readonly #pointer: Pointer;
  readonly #c: StatementSqlite["wasm"]["exports"];
  readonly #names: string[] = [];

  constructor(
    readonly sqlite: StatementSqlite,
    readonly db: unknown,
    readonly statement: { pointer?: unknown; finalize(): unknown; columnCount: number; parameterCount: number },
    readonly guard: <T>(work: () => T) => T,
  ) {
    this.#pointer = statement.pointer as Pointer;
    this.#c = sqlite.wasm.exports;
    const { capi } = sqlite;
    for (let at = 1; at <= statement.parameterCount; at++) {
      this.#names.push(capi.sqlite3_bind_parameter_name(this.#pointer, at) ?? "");
    }
  }

  finalize(): void {
    this.statement.finalize();
  }

  *iterate(bindings: Bindings = {}): Generator<unknown> {
    this.#bind(bindings);
    const names = this.#columnNames();
    try {
      while (this.#step()) {
        const row: QueryValue[] = Array(names.length);
        for (let at = 0; at < row.length; at++) row[at] = this.#value(at);
        yield this.#arrays ? row : Object.fromEntries(names.map((name, at) => [name, row[at]]));
      }
    } finally {
      this.#c.sqlite3_reset(this.#pointer);
    }
  }

  all(bindings?: Bindings): unknown[] {
    return [...this.iterate(bindings)];
  }

  get(bindings?: Bindings): unknown {
    for (const row of this.iterate(bindings)) return row;
  }

  run(...values: readonly (QueryValue | Bindings)[]): void {
    const [first] = values;
    if (isBindings(first)) this.#bind(first);
    else for (let at = 0; at < values.length; at++) this.#set(at + 1, values[at] as QueryValue);
    try {
      while (this.#step());
    } finally {
      this.#c.sqlite3_reset(this.#pointer);
    }
  }

  columns(): { name: string; table: string | null; column: string | null }[] {
    const { capi } = this.sqlite;
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
      (_, at) => capi.sqlite3_column_name(this.#pointer, at),
    );
  }

  #step(): boolean {
    const code = this.#c.sqlite3_step(this.#pointer);
    if (code === ROW) return true;
    if (code === DONE) return false;
    return this.guard(() => fail(code, "interrupted"));
  }

  #bind(bindings: Bindings): void {
    for (const [at, name] of this.#names.entries()) {
      const plain = name.slice(1);
      const value = Object.hasOwn(bindings, name) ? bindings[name] : bindings[plain];
      this.#set(at + 1, value ?? null);
    }
  }

  #set(at: number, value: QueryValue): void {
    const { capi, wasm } = this.sqlite;
    const pointer = this.#pointer;
    let code: number;
    if (value === null || value === undefined) code = this.#c.sqlite3_bind_null(pointer, at);
    else if (typeof value === "number") code = this.#c.sqlite3_bind_double(pointer, at, value);
    else if (typeof value === "bigint") code = this.#c.sqlite3_bind_int64(pointer, at, value);
    else if (typeof value === "string") {
      // As a place in memory: the wrapper's way for texts is broken in this version.
      const bytes = encoder.encode(value);
      const place = wasm.allocFromTypedArray(bytes);
      code = capi.sqlite3_bind_text(pointer, at, place, bytes.length, capi.SQLITE_WASM_DEALLOC);
    } else code = capi.sqlite3_bind_blob(pointer, at, value, value.length, capi.SQLITE_TRANSIENT);
    if (code !== 0) this.guard(() => fail(code));
  }

  #value(at: number): QueryValue {
    switch (this.#c.sqlite3_column_type(this.#pointer, at)) {
      case INTEGER: {
        const value = this.#c.sqlite3_column_int64(this.#pointer, at);
        return this.#bigInts ? value : Number(value);
      }
      case FLOAT:
        return this.#c.sqlite3_column_double(this.#pointer, at);
      case TEXT:
        return decoder.decode(this.#bytes(at));
      case BLOB:
        return this.#bytes(at);
    }
    return null;
  }

  #bytes(at: number): Uint8Array<ArrayBuffer> {
    const from = this.#c.sqlite3_column_blob(this.#pointer, at);
    const length = this.#c.sqlite3_column_bytes(this.#pointer, at);
    return this.sqlite.wasm.heap8u().slice(from, from + length) as Uint8Array<ArrayBuffer>;
  }
}

function isBindings(value: QueryValue | Bindings | undefined): value is Bindings {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** An error of SQLite, by its number. */
export function fail(resultCode: number, message = "a value could not be bound"): never {
  throw Object.assign(new Error(message), { resultCode });
}
