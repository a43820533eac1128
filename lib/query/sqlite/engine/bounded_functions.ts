/** What is used of SQLite in WebAssembly. In its C interface, contexts, values, statements and databases are pointers. */
interface Sqlite {
  readonly capi: {
    readonly [constant: `SQLITE_${string}`]: number;
    sqlite3_create_function(db: unknown, name: string, count: number, flags: number, ...rest: number[]): number;
    sqlite3_errmsg(db: unknown): string;
    sqlite3_result_error(context: number, message: string, length: number): void;
  };
  readonly wasm: {
    peekPtr(at: number): number;
    /** A function of this thread as one that C can call; the signature says results and arguments. */
    installFunction(signature: string, compute: (...values: number[]) => void): number;
    readonly exports: {
      sqlite3_value_type(value: number): number;
      sqlite3_value_bytes(value: number): number;
      sqlite3_value_blob(value: number): number;
      sqlite3_value_int64(value: number): bigint;
      sqlite3_value_double(value: number): number;
      sqlite3_bind_text(statement: number, at: number, from: number, length: number, free: number): number;
      sqlite3_bind_blob(statement: number, at: number, from: number, length: number, free: number): number;
      sqlite3_bind_int64(statement: number, at: number, value: bigint): number;
      sqlite3_bind_double(statement: number, at: number, value: number): number;
      sqlite3_bind_null(statement: number, at: number): number;
      sqlite3_step(statement: number): number;
      sqlite3_reset(statement: number): number;
      sqlite3_clear_bindings(statement: number): number;
      sqlite3_column_value(statement: number, at: number): number;
      sqlite3_value_subtype(value: number): number;
      sqlite3_result_text(context: number, from: number, length: number, free: number): void;
      sqlite3_result_blob(context: number, from: number, length: number, free: number): void;
      sqlite3_result_int64(context: number, value: bigint): void;
      sqlite3_result_double(context: number, value: number): void;
      sqlite3_result_null(context: number): void;
      sqlite3_result_subtype(context: number, subtype: number): void;
      sqlite3_result_error_nomem(context: number): void;
      sqlite3_result_error_toobig(context: number): void;
    };
  };
}

/**
 * Functions of SQLite that go through one text for every character of another, in one step that nothing can stop: two long
 * texts keep them busy for hours. With how many arguments they have.
 */
const SLOW: readonly (readonly [name: string, count: number])[] = [
  ["instr", 2],
  ["replace", 3],
  ["trim", 2],
  ["ltrim", 2],
  ["rtrim", 2],
  ["unhex", 2],
  ["json_patch", 2],
  ["jsonb_patch", 2],
];

/** The product of the lengths of the first two arguments, in bytes, up to which they compute: a few seconds of work. */
const MAX_WORK = 2 ** 31;

/** What becomes of bytes that are given away: nothing, or they are copied. */
const STATIC = 0;
const TRANSIENT = -1;

/**
 * Makes the slow functions look at the lengths of their arguments first. What they then do is what they always do: they do
 * it in a second database, which is for nothing else. Returns what gives them to a database.
 *
 * @param helper A database of this thread, which stays open.
 * @param prepare Makes a statement of it.
 */
export function guardedFunctions(
  sqlite: unknown,
  { helper, prepare }: { readonly helper: unknown; readonly prepare: (sql: string) => unknown },
): (db: unknown) => void {
  const { capi, wasm } = sqlite as Sqlite;
  const c = wasm.exports;

  /** The length of a text or a blob; numbers are short. */
  const lengthOf = (value: number): number => {
    const type = c.sqlite3_value_type(value);
    return type === capi.SQLITE_TEXT || type === capi.SQLITE_BLOB ? c.sqlite3_value_bytes(value) : 1;
  };
  const bind = (statement: number, at: number, value: number): void => {
    switch (c.sqlite3_value_type(value)) {
      case capi.SQLITE_INTEGER:
        return void c.sqlite3_bind_int64(statement, at, c.sqlite3_value_int64(value));
      case capi.SQLITE_FLOAT:
        return void c.sqlite3_bind_double(statement, at, c.sqlite3_value_double(value));
      case capi.SQLITE_TEXT: {
        const from = c.sqlite3_value_blob(value);
        return void c.sqlite3_bind_text(statement, at, from || EMPTY, c.sqlite3_value_bytes(value), STATIC);
      }
      case capi.SQLITE_BLOB: {
        const from = c.sqlite3_value_blob(value);
        return void c.sqlite3_bind_blob(statement, at, from || EMPTY, c.sqlite3_value_bytes(value), STATIC);
      }
    }
    c.sqlite3_bind_null(statement, at);
  };
  const give = (context: number, value: number): void => {
    switch (c.sqlite3_value_type(value)) {
      case capi.SQLITE_INTEGER:
        return c.sqlite3_result_int64(context, c.sqlite3_value_int64(value));
      case capi.SQLITE_FLOAT:
        return c.sqlite3_result_double(context, c.sqlite3_value_double(value));
      case capi.SQLITE_TEXT: {
        const from = c.sqlite3_value_blob(value);
        c.sqlite3_result_text(context, from || EMPTY, c.sqlite3_value_bytes(value), TRANSIENT);
        return c.sqlite3_result_subtype(context, c.sqlite3_value_subtype(value));
      }
      case capi.SQLITE_BLOB: {
        const from = c.sqlite3_value_blob(value);
        return c.sqlite3_result_blob(context, from || EMPTY, c.sqlite3_value_bytes(value), TRANSIENT);
      }
    }
    c.sqlite3_result_null(context);
  };

  const made = SLOW.map(([name, count]) => {
    let statement = 0;
    const fail = (context: number, message: string) => capi.sqlite3_result_error(context, message, -1);
    const compute = (context: number, _count: number, values: number): void => {
      const value = (at: number) => wasm.peekPtr(values + 4 * at);
      if (lengthOf(value(0)) * lengthOf(value(1)) > MAX_WORK) return fail(context, `${name}: the texts are too long`);
      statement ||= Number(prepare(`SELECT ${name}(${Array(count).fill("?").join()})`));
      for (let at = 0; at < count; at++) bind(statement, at + 1, value(at));
      const code = c.sqlite3_step(statement);
      if (code === capi.SQLITE_ROW) give(context, c.sqlite3_column_value(statement, 0));
      else if (code === capi.SQLITE_NOMEM) c.sqlite3_result_error_nomem(context);
      else if (code === capi.SQLITE_TOOBIG) c.sqlite3_result_error_toobig(context);
      else fail(context, capi.sqlite3_errmsg(helper));
      c.sqlite3_reset(statement);
      c.sqlite3_clear_bindings(statement);
    };
    return { name, count, pointer: wasm.installFunction("v(pip)", compute) };
  });
  const { SQLITE_UTF8, SQLITE_DETERMINISTIC, SQLITE_INNOCUOUS, SQLITE_RESULT_SUBTYPE } = capi;
  const flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS | SQLITE_RESULT_SUBTYPE;
  return (db) => {
    for (const { name, count, pointer } of made) {
      const code = capi.sqlite3_create_function(db, name, count, flags, 0, pointer, 0, 0);
      if (code !== 0) throw new Error(`SQLite refuses the function ${name}: ${code}`);
    }
  };
}

/** A place for bytes of which there are none: where it is does not matter, as long as it is not NULL. */
const EMPTY = 8;
