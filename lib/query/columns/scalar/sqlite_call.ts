import type { Value } from "../../result/value.ts";
import { openDatabase, type SqlDatabase, type SqlStatement } from "../../sqlite/database.ts";
import { addFunctions } from "../../sqlite/functions.ts";
import { Fallback } from "../fallback.ts";

let database: SqlDatabase | undefined;
const statements = new Map<string, SqlStatement>();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Computes with SQLite what has no code of its own: a function, or an operator such as `->`, whose operands are `:a0`, `:a1`, …
 * Where SQLite says that something is wrong, it is left to say so for the whole query, since it may not compute this at all.
 */
export function sqliteCall(expression: string, args: readonly Value[]): Value {
  try {
    const bindings: Record<string, Value> = {};
    for (let at = 0; at < args.length; at++) bindings[`a${at}`] = args[at];
    if (!mayHoldNul(expression, args)) {
      return (statementOf(`SELECT ${expression}`).get(bindings as never) as Value[])[0];
    }
    // The runtime cuts texts at U+0000, but not the bytes of a blob.
    const statement = statementOf(`SELECT v, typeof(v), CAST(v AS BLOB) FROM (SELECT ${expression} AS v LIMIT 1)`);
    const [value, type, bytes] = statement.get(bindings as never) as Value[];
    return type === "text" ? decoder.decode(bytes as Uint8Array) : value;
  } catch (error) {
    throw new Fallback(`${expression}: ${(error as Error).message}`);
  }
}

/** The text of a call of a function with so many arguments. */
export function callText(name: string, count: number): string {
  const args = Array.from({ length: count }, (_, at) => `:a${at}`);
  return `"${name.replaceAll('"', '""')}"(${args.join(", ")})`;
}

/** Whether U+0000 may be in the answer: where an argument has it, also as an escape of JSON, or is what characters are made of. */
function mayHoldNul(expression: string, args: readonly Value[]): boolean {
  if (expression.startsWith('"char"')) return true;
  return args.some((arg) =>
    typeof arg === "string" ? arg.includes("\0") || arg.includes("\\") : arg instanceof Uint8Array
  );
}

function statementOf(sql: string): SqlStatement {
  let statement = statements.get(sql);
  if (statement === undefined) {
    if (database === undefined) {
      database = openDatabase();
      addFunctions(database);
    }
    statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
  }
  return statement;
}
