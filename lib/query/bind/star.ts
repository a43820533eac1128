import { didYouMean } from "../../base/suggest.ts";
import type { Star } from "../sql/tree.ts";
import type { Instance } from "./bound.ts";
import type { BindContext } from "./scope/context.ts";
import { columnMatches } from "./scope/find_column.ts";
import { type FromNames, instancesOf, type Match } from "./from_names.ts";
import type { Scope } from "./scope/scope.ts";

/** A column that a `*` shows. */
interface Shown {
  readonly name: string;
  readonly match: Match;
  /** Whether SQLite, which looks for the name alone, finds it in more tables than a join makes it one of. */
  readonly isAmbiguous?: boolean;
}

/** What joins to the right of a table say about it. */
interface Around {
  /** Whether one is a RIGHT or FULL join. */
  readonly isFilled: boolean;
  /** The names that they make one column of. */
  readonly merged: readonly ReadonlySet<string>[];
}

/** The columns of `*` or `t.*`: of `*`, those that USING and NATURAL make one stand there once. */
export function expandStar(context: BindContext, scope: Scope, star: Star): readonly Shown[] {
  const { from } = scope;
  if (from === undefined) context.fail("Cannot show * without FROM: there are no columns", star);
  const table = star.table?.text.toLowerCase();
  const shown = shownIn(context, scope, from, { isFilled: false, merged: [] }, table);
  if (shown !== undefined) {
    for (const { name, isAmbiguous, match: { columns: [{ instance }] } } of shown) {
      if (isAmbiguous) context.fail(`Cannot tell which column "${name}" of * is: more than one table has it`, star);
      const isTable = (other: Instance) => other.source.kind === "table" && other.name === instance.name;
      if (instance.source.kind !== "table" || columnMatches(context, scope, name, isTable).length < 2) continue;
      context.fail(`Cannot show "${instance.name}.${name}": more than one table has this name`, star);
    }
    return shown;
  }
  const names = instancesOf(from).map(({ name }) => name);
  context.fail(`Cannot find "${star.table!.text}" in FROM${didYouMean(star.table!.text, names)}`, star);
}

function shownIn(
  context: BindContext,
  scope: Scope,
  from: FromNames,
  around: Around,
  table: string | undefined,
): Shown[] | undefined {
  if (from.kind === "instance") {
    const { instance } = from;
    if (table !== undefined && instance.name.toLowerCase() !== table) return undefined;
    return instance.columns.map((column): Shown => {
      const { name } = column;
      const isMerged = around.isFilled && around.merged.some((names) => names.has(name.toLowerCase()));
      if (!isMerged) return { name, match: { columns: [{ instance, column }], isCoalesced: false } };
      const found = columnMatches(context, scope, name);
      return { name, match: found[0], isAmbiguous: found.length > 1 };
    });
  }
  const isFilled = around.isFilled || from.join === "right" || from.join === "full";
  const merged = [...around.merged, from.merged];
  const left = shownIn(context, scope, from.left, { isFilled, merged }, table);
  const right = shownIn(context, scope, from.right, around, table);
  if (left === undefined || right === undefined) return left ?? right;
  const once = table === undefined ? right.filter(({ name }) => !from.merged.has(name.toLowerCase())) : right;
  return [...left, ...once];
}
