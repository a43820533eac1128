import type { ScalarFunction } from "../../functions/function.ts";
import { SCALAR_FUNCTIONS } from "../../functions/table.ts";
import type { Query } from "../../sql/tree.ts";
import { walk } from "../../sql/walk.ts";
import type { GivenAggregate, GivenFunction, SqlDatabase } from "../database.ts";
import { DEVIATIONS } from "./deviations.ts";
import { QUANTILES } from "./quantiles.ts";
import { SOUNDEX } from "./soundex.ts";

/** The functions that every SQLite is given, by name: those that some build lacks, or computes in another way. */
export const GIVEN_FUNCTIONS: ReadonlyMap<string, readonly GivenFunction[]> = new Map([
  ...[...SCALAR_FUNCTIONS.values()].filter(({ isGiven }) => isGiven).map((one) => [one.name, inCounts(one)] as const),
  [SOUNDEX.name, [SOUNDEX]],
]);

/** A function once for each number of arguments. */
function inCounts({ name, least, most, compute }: ScalarFunction): readonly GivenFunction[] {
  if (!Number.isFinite(most)) return [{ name, count: -1, compute }];
  return Array.from({ length: most - least + 1 }, (_, at) => ({ name, count: least + at, compute }));
}

/** The aggregates that every SQLite is given, by name. */
export const GIVEN_AGGREGATES: ReadonlyMap<string, GivenAggregate<unknown>> = new Map(
  ([...DEVIATIONS, ...QUANTILES] as readonly GivenAggregate<unknown>[]).map((one) => [one.name, one]),
);

/** Gives a database those of the given functions that a query calls. */
export function giveFunctions(db: SqlDatabase, query: Query): void {
  const names = new Set<string>();
  walk(query, (node) => {
    if (node.kind === "call") names.add(node.name.text.toLowerCase());
  });
  for (const name of names) {
    for (const given of GIVEN_FUNCTIONS.get(name) ?? []) db.give(given);
    const aggregate = GIVEN_AGGREGATES.get(name);
    if (aggregate !== undefined) db.giveAggregate(aggregate);
  }
}
