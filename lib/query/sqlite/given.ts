import { SCALAR_FUNCTIONS } from "../functions/table.ts";
import type { Query } from "../sql/tree.ts";
import { walk } from "../sql/walk.ts";
import type { GivenFunction, SqlDatabase } from "./database.ts";

/** The functions that both SQLites are given, by name. */
const SCALARS: ReadonlyMap<string, readonly GivenFunction[]> = new Map(
  [...SCALAR_FUNCTIONS.values()].filter(({ isGiven }) => isGiven).map(({ name, least, most, compute }) => [
    name,
    Number.isFinite(most)
      ? Array.from({ length: most - least + 1 }, (_, at) => ({ name, count: least + at, compute }))
      : [{ name, count: -1, compute }],
  ]),
);

/** Gives a database the functions that a query calls and not every SQLite has, or computes alike. */
export function giveFunctions(db: SqlDatabase, query: Query): void {
  const names = new Set<string>();
  walk(query, (node) => {
    if (node.kind === "call") names.add(node.name.text.toLowerCase());
  });
  for (const name of names) {
    for (const given of SCALARS.get(name) ?? []) db.give(given);
  }
}
