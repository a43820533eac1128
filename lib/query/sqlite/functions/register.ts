import type { ScalarFunction } from "../../functions/function.ts";
import { SCALAR_FUNCTIONS } from "../../functions/all.ts";
import type { Query } from "../../sql/tree.ts";
import { walk } from "../../sql/walk.ts";
import type { RegisteredAggregate, RegisteredFunction, SqlDatabase } from "../database.ts";
import { DEVIATIONS } from "./deviations.ts";
import { QUANTILES } from "./quantiles.ts";
import { SOUNDEX } from "./soundex.ts";

/** The functions that every SQLite is given, by name: those that some build lacks, or computes in another way. */
export const REGISTERED_FUNCTIONS: ReadonlyMap<string, readonly RegisteredFunction[]> = new Map([
  ...[...SCALAR_FUNCTIONS.values()].filter(({ isGiven }) => isGiven).map((one) => [one.name, inCounts(one)] as const),
  [SOUNDEX.name, [SOUNDEX]],
]);

/** A function once for each number of arguments. */
function inCounts({ name, least, most, compute }: ScalarFunction): readonly RegisteredFunction[] {
  if (!Number.isFinite(most)) return [{ name, count: -1, compute }];
  return Array.from({ length: most - least + 1 }, (_, at) => ({ name, count: least + at, compute }));
}

/** The aggregates that every SQLite is given, by name. */
export const REGISTERED_AGGREGATES: ReadonlyMap<string, RegisteredAggregate<unknown>> = new Map(
  ([...DEVIATIONS, ...QUANTILES] as readonly RegisteredAggregate<unknown>[]).map((one) => [one.name, one]),
);

/** Gives a database those of the given functions that a query calls. */
export function registerFunctions(db: SqlDatabase, query: Query): void {
  const names = new Set<string>();
  walk(query, (node) => {
    if (node.kind === "call") names.add(node.name.text.toLowerCase());
  });
  for (const name of names) {
    for (const given of REGISTERED_FUNCTIONS.get(name) ?? []) db.registerFunction(given);
    const aggregate = REGISTERED_AGGREGATES.get(name);
    if (aggregate !== undefined) db.giveAggregate(aggregate);
  }
}
