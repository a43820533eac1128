import { messageOf } from "../../../base/errors.ts";
import type { Value } from "../../values/value.ts";
import type { RegisteredAggregate, RegisteredFunction } from "../database.ts";

type Pointer = number;
type Callback = (context: Pointer, count: number, values: Pointer) => void;

/** What is used of SQLite in WebAssembly. */
interface Sqlite {
  readonly capi: {
    readonly [constant: `SQLITE_${string}`]: number;
    sqlite3_create_function(db: unknown, name: string, count: number, flags: number, ...rest: Pointer[]): number;
    sqlite3_create_window_function(db: unknown, name: string, count: number, flags: number, ...rest: Pointer[]): number;
    sqlite3_result_error(context: Pointer, message: string, length: number): void;
  };
  readonly wasm: {
    peekPtr(at: Pointer): Pointer;
    heap8u(): Uint8Array;
    alloc(bytes: number): Pointer;
    dealloc(at: Pointer): void;
    installFunction(signature: string, compute: (...values: number[]) => void): Pointer;
    readonly exports: {
      sqlite3_value_type(value: Pointer): number;
      sqlite3_value_bytes(value: Pointer): number;
      sqlite3_value_blob(value: Pointer): Pointer;
      sqlite3_value_int64(value: Pointer): bigint;
      sqlite3_value_double(value: Pointer): number;
      sqlite3_aggregate_context(context: Pointer, bytes: number): Pointer;
      sqlite3_result_text(context: Pointer, from: Pointer, length: number, free: number): void;
      sqlite3_result_blob(context: Pointer, from: Pointer, length: number, free: number): void;
      sqlite3_result_int64(context: Pointer, value: bigint): void;
      sqlite3_result_double(context: Pointer, value: number): void;
      sqlite3_result_null(context: Pointer): void;
    };
  };
}

/** SQLite copies what it is given. */
const TRANSIENT = -1;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Gives functions to databases of one SQLite, each of which is made one that C can call only once. */
export class WasmFunctions {
  readonly #sqlite: Sqlite;
  readonly #scalars = new Map<RegisteredFunction, Pointer>();
  readonly #aggregates = new Map<RegisteredAggregate<unknown>, readonly Pointer[]>();
  readonly #states = new Map<Pointer, unknown>();

  constructor(sqlite: unknown) {
    this.#sqlite = sqlite as Sqlite;
  }

  register(db: unknown, given: RegisteredFunction): void {
    const { capi } = this.#sqlite;
    let pointer = this.#scalars.get(given);
    if (pointer === undefined) {
      pointer = this.#install("v(pip)", (context, count, values) => {
        this.#result(context, given.compute(...this.#values(count, values)));
      });
      this.#scalars.set(given, pointer);
    }
    const { SQLITE_UTF8, SQLITE_DETERMINISTIC, SQLITE_INNOCUOUS } = capi;
    const flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    check(given.name, capi.sqlite3_create_function(db, given.name, given.count, flags, 0, pointer, 0, 0));
  }

  giveAggregate(db: unknown, given: RegisteredAggregate<unknown>): void {
    const { capi } = this.#sqlite;
    let pointers = this.#aggregates.get(given);
    if (pointers === undefined) this.#aggregates.set(given, pointers = this.#callbacks(given));
    const { name, count } = given;
    const flags = capi.SQLITE_UTF8 | capi.SQLITE_INNOCUOUS;
    const [step, final, value, inverse] = pointers;
    const code = given.inverse === undefined
      ? capi.sqlite3_create_function(db, name, count, flags, 0, 0, step, final)
      : capi.sqlite3_create_window_function(db, name, count, flags, 0, step, final, value, inverse, 0);
    check(name, code);
  }

  #callbacks({ start, step, inverse, result, end }: RegisteredAggregate<unknown>): readonly Pointer[] {
    const { exports: c } = this.#sqlite.wasm;
    const states = this.#states;
    const change = (work: typeof step): Callback => (context, count, values) => {
      const key = c.sqlite3_aggregate_context(context, 8);
      if (!states.has(key)) states.set(key, start());
      work(states.get(key), this.#values(count, values));
    };
    const ask = (isLast: boolean): Callback => (context) => {
      const key = c.sqlite3_aggregate_context(context, 0);
      const state = states.has(key) ? states.get(key) : start();
      try {
        this.#result(context, result(state));
      } finally {
        if (isLast) {
          states.delete(key);
          end?.(state);
        }
      }
    };
    return [
      this.#install("v(pip)", change(step)),
      this.#install("v(p)", ask(true)),
      this.#install("v(p)", ask(false)),
      this.#install("v(pip)", change(inverse ?? step)),
    ];
  }

  /** An error must not leave through the frames of C. */
  #install(signature: string, work: Callback): Pointer {
    const { capi, wasm } = this.#sqlite;
    return wasm.installFunction(signature, (context, count, values) => {
      try {
        work(context, count, values);
      } catch (error) {
        capi.sqlite3_result_error(context, messageOf(error), -1);
      }
    });
  }

  #values(count: number, values: Pointer): Value[] {
    const { capi, wasm } = this.#sqlite;
    const c = wasm.exports;
    return Array.from({ length: count }, (_, at): Value => {
      const value = wasm.peekPtr(values + 4 * at);
      const type = c.sqlite3_value_type(value);
      if (type === capi.SQLITE_INTEGER) return c.sqlite3_value_int64(value);
      if (type === capi.SQLITE_FLOAT) return c.sqlite3_value_double(value);
      if (type === capi.SQLITE_NULL) return null;
      const from = c.sqlite3_value_blob(value);
      const bytes = wasm.heap8u().slice(from, from + c.sqlite3_value_bytes(value));
      return type === capi.SQLITE_TEXT ? decoder.decode(bytes) : bytes;
    });
  }

  #result(context: Pointer, value: Value): void {
    const { wasm } = this.#sqlite;
    const c = wasm.exports;
    if (value === null) return c.sqlite3_result_null(context);
    if (typeof value === "bigint") return c.sqlite3_result_int64(context, value);
    if (typeof value === "number") {
      return Number.isNaN(value) ? c.sqlite3_result_null(context) : c.sqlite3_result_double(context, value);
    }
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    const place = wasm.alloc(Math.max(1, bytes.length));
    wasm.heap8u().set(bytes, place);
    const give = typeof value === "string" ? c.sqlite3_result_text : c.sqlite3_result_blob;
    give(context, place, bytes.length, TRANSIENT);
    wasm.dealloc(place);
  }
}

function check(name: string, code: number): void {
  if (code !== 0) throw new Error(`SQLite refuses the function ${name}: ${code}`);
}
