import type { Value } from "../../../values/value.ts";
import type { SqlDatabase, SqlStatement } from "../../../sqlite/database.ts";
import { openDatabase } from "../../../sqlite/engine/open_database.ts";
import { REGISTERED_FUNCTIONS } from "../../../sqlite/functions/register.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Compute } from "../by_value.ts";

/** What SQLite computes of operands that are written in a certain way. */
export type CallText = (operands: readonly string[]) => string;

/** So many answers are asked for at once, which is much cheaper than one by one. */
const BATCH_CALLS = 32;

let database: SqlDatabase | undefined;
const statements = new Map<string, SqlStatement>();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The call of a function. */
export function callOf(name: string): CallText {
  return (operands) => `"${name.replaceAll('"', '""')}"(${operands.join(", ")})`;
}

/**
 * Has SQLite compute what has no code of its own: a function, or an operator such as `->`. Where SQLite says that something
 * is wrong, it is left to say so for the whole query, since it may not compute this at all.
 */
export function sqliteCompute(text: CallText): Compute {
  const one = (...args: readonly Value[]): Value => {
    const names = args.map((_, at) => `a${at}`);
    const expression = text(names.map((name) => `:${name}`));
    const bindings = Object.fromEntries(names.map((name, at) => [name, args[at]]));
    if (!mayHoldNul(expression, args)) return evaluateBatch(`SELECT ${expression}`, bindings)[0];
    // The runtime cuts texts at U+0000, but not the bytes of a blob.
    const sql = `SELECT v, typeof(v), CAST(v AS BLOB) FROM (SELECT ${expression} AS v LIMIT 1)`;
    const [value, type, bytes] = evaluateBatch(sql, bindings);
    return type === "text" ? decoder.decode(bytes as Uint8Array) : value;
  };
  const many = (args: readonly Value[], varying: number, values: readonly Value[]): Value[] => {
    const names = Array.from({ length: BATCH_CALLS }, (_, at) => `v${at}`);
    const operands = args.map((_, at) => `:a${at}`);
    const expressions = names.map((name) => text(operands.with(varying, `:${name}`)));
    const sql = `SELECT ${expressions.join(", ")}`;
    const bindings: Record<string, Value> = {};
    for (let at = 0; at < args.length; at++) if (at !== varying) bindings[`a${at}`] = args[at];
    const answers: Value[] = [];
    for (let from = 0; from < values.length; from += BATCH_CALLS) {
      const some = values.slice(from, from + BATCH_CALLS);
      if (some.length < BATCH_CALLS || mayHoldNul(expressions[0], [...args, ...some])) {
        for (const value of some) answers.push(one(...args.with(varying, value)));
      } else {
        for (let at = 0; at < BATCH_CALLS; at++) bindings[names[at]] = some[at];
        answers.push(...evaluateBatch(sql, bindings));
      }
    }
    return answers;
  };
  return Object.assign(one, { many });
}

/** Whether U+0000 may be in the answer: where an argument has it, also as an escape of JSON, or is what characters are made of. */
function mayHoldNul(expression: string, args: readonly Value[]): boolean {
  if (expression.startsWith('"char"')) return true;
  return args.some((arg) =>
    typeof arg === "string" ? arg.includes("\0") || arg.includes("\\") : arg instanceof Uint8Array
  );
}

function evaluateBatch(sql: string, bindings: Record<string, Value>): Value[] {
  try {
    return statementOf(sql).get(bindings as never) as Value[];
  } catch (error) {
    throw new UnsupportedAtRuntime(`${sql.slice(0, 80)}: ${(error as Error).message}`);
  }
}

function statementOf(sql: string): SqlStatement {
  let statement = statements.get(sql);
  if (statement === undefined) {
    if (database === undefined) {
      database = openDatabase();
      for (const functions of REGISTERED_FUNCTIONS.values()) {
        functions.forEach((one) => database!.registerFunction(one));
      }
    }
    statement = database.prepare(sql);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    statements.set(sql, statement);
  }
  return statement;
}
