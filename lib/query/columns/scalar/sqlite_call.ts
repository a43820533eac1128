import type { Value } from "../../result/value.ts";
import { openDatabase, type SqlDatabase, type SqlStatement } from "../../sqlite/database.ts";
import { addFunctions } from "../../sqlite/functions.ts";
import { Fallback } from "../fallback.ts";

let database: SqlDatabase | undefined;
const statements = new Map<string, SqlStatement>();

/**
 * Computes with SQLite what has no code of its own: a function, or an operator such as `->`. Where SQLite says that something
 * is wrong, it is left to say so for the whole query, since it may not compute this row at all.
 */
export function sqliteCall(expression: string, args: readonly Value[]): Value {
  try {
    const bindings = Object.fromEntries(args.map((value, at) => [`a${at}`, value]));
    return (statementOf(expression).get(bindings as never) as Value[])[0];
  } catch (error) {
    throw new Fallback(`${expression}: ${(error as Error).message}`);
  }
}

/** The text of a call of a function with so many arguments. */
export function callText(name: string, count: number): string {
  return `"${name.replaceAll('"', '""')}"(${Array.from({ length: count }, (_, at) => `:a${at}`).join(", ")})`;
}

function statementOf(expression: string): SqlStatement {
  let statement = statements.get(expression);
  if (statement === undefined) {
    if (database === undefined) {
      database = openDatabase();
      addFunctions(database);
    }
    statement = database.prepare(`SELECT ${expression}`);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    statements.set(expression, statement);
  }
  return statement;
}
