import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { QueryError } from "../result/query_error.ts";
import type { Value } from "../values/value.ts";
import type { Parameter, Query } from "../sql/tree.ts";
import { walk } from "../sql/walk.ts";

/** What may be given for a parameter. */
export type ParameterValue = Value | boolean;

const [MIN_INTEGER, MAX_INTEGER] = [-(2n ** 63n), 2n ** 63n - 1n];

/** The parameters of a query, each as often as it stands there. */
export function parametersOf(tree: Query): readonly Parameter[] {
  const found: Parameter[] = [];
  walk(tree, (node) => {
    if (node.kind === "parameter") found.push(node);
  });
  return found.sort((a, b) => a.start - b.start);
}

/**
 * The values of the parameters of a query.
 *
 * @throws {QueryError} Where a parameter has no name or no value, or a value no parameter.
 */
export function bindParameters(
  { tree, sql }: { readonly tree: Query; readonly sql: string },
  given: Readonly<Record<string, ParameterValue>>,
): Readonly<Record<string, Value>> {
  const names = new Set<string>();
  for (const { name, raw, start } of parametersOf(tree)) {
    if (raw[0] === "?") {
      throw new QueryError("Cannot bind a parameter without a name: write it as :name", sql, start);
    }
    names.add(name);
    if (Object.hasOwn(given, name)) continue;
    const hint = didYouMean(name, Object.keys(given));
    throw new QueryError(`Cannot run the query: the parameter "${name}" has no value${hint}`, sql, start);
  }
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue;
    const hint = didYouMean(name, names);
    throw new QueryError(`Cannot use the parameter "${name}": the query has no :${name}${hint}`, sql);
  }
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(name, value)]));
}

/** A value as SQLite has it: a number without a fraction is an INTEGER if it fits, true is 1, NaN is NULL. */
function valueOf(name: string, value: ParameterValue): Value {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "bigint" && (value < MIN_INTEGER || value > MAX_INTEGER)) {
    throw new UsageError(`Cannot bind "${name}": ${value} has more than 64 bits`);
  }
  if (typeof value !== "number") return value;
  if (Number.isNaN(value)) return null;
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value) : value;
}
