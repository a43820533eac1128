import type { Query } from "../sql/tree.ts";
import type { BoundQuery } from "./bound.ts";
import { BindContext, type BindOptions } from "./scope/context.ts";
import { bindQueryAt } from "./query.ts";
import { affinityOf, collationOf } from "./types.ts";

export type { BindOptions } from "./scope/context.ts";

/**
 * Finds what all names in a query mean, in SQLite's ways.
 *
 * @param sql The text that the tree was parsed from: names of columns and errors are taken from it.
 * @throws {QueryError} With the place, and the near name or what to write instead.
 */
export function bindQuery(tree: Query, sql: string, options: BindOptions = {}): BoundQuery {
  const context = new BindContext(sql, options, (query, surroundings) => bindQueryAt(context, query, surroundings));
  bindQueryAt(context, tree, { level: undefined, outer: undefined, commons: undefined });
  const { references, cores, instances, instanceOf, used, terms, outerReferences } = context;
  const { output } = cores.get(tree.first)!;
  const isCompound = tree.rest.length > 0;
  return {
    sql,
    tree,
    references,
    cores,
    instances,
    instanceOf,
    used,
    terms,
    outerReferences,
    affinities: (expression) => affinityOf(context, expression),
    collations: (expression) => collationOf(context, expression),
    output: isCompound ? output.map((column) => ({ ...column, showsNaN: false })) : output,
    isAggregate: (expression) => context.aggregates.has(expression),
  };
}
