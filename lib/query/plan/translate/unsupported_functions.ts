import type { Call, Expression } from "../../sql/tree.ts";
import { childrenOf } from "../../sql/children.ts";

/** Functions whose answer differs from call to call, or depends on the connection. */
const UNSTEADY: ReadonlySet<string> = new Set([
  ...["random", "randomblob", "changes", "total_changes", "last_insert_rowid", "sqlite_offset", "load_extension"],
  ...["match", "highlight", "snippet", "bm25"],
]);

/** Functions of time, which mean now if they are not given a time. */
const TIMES: ReadonlySet<string> = new Set([
  ...["date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff"],
]);

/** Why a scalar function is left to SQLite; undefined: it is not. */
export function unsupportedFunction(name: string, call: Call): string | undefined {
  if (call.distinct || call.star || call.filter !== undefined || call.orderBy.length > 0) return `${name} in this form`;
  if (UNSTEADY.has(name)) return `${name}(), which is not the same each time`;
  if (TIMES.has(name)) {
    const needed = name === "strftime" || name === "timediff" ? 2 : 1;
    if (call.args.length < needed || call.args.some(isNow)) return `${name}() of now`;
  }
  // Between JSON functions, JSON differs from a text by more than its value.
  if (name.startsWith("json") && call.args.some(givesJson)) return "a function of JSON within another";
  return undefined;
}

function isNow(expression: Expression): boolean {
  if (expression.kind === "parameter") return true;
  return expression.kind === "literal" && typeof expression.value === "string" &&
    /^\s*now\s*$/i.test(expression.value);
}

function givesJson(expression: Expression): boolean {
  if (expression.kind === "call" && expression.name.text.toLowerCase().startsWith("json")) return true;
  if (expression.kind === "binary" && expression.op === "->") return true;
  return childrenOf(expression).some(givesJson);
}
