import type { Core, Expression, Query, Select } from "../sql/tree.ts";
import { holdsWindow } from "./expression/calls_within.ts";
import { columnsOfCommon, columnsOfCommonQuery, commonsOf, recursiveCores, timesNamed } from "./scope/common_tables.ts";
import type { BindContext, BindEnvironment } from "./scope/context.ts";
import { bindExpression } from "./expression/expression.ts";
import { type CommonTableExpression, type CommonTableExpressions, type Level, Scope } from "./scope/scope.ts";
import { bindSelect, bindValues } from "./select.ts";
import { bindCompoundOrder, type OrderedCore } from "./terms.ts";

/** Binds a query and all in it. */
export function bindQueryAt(
  context: BindContext,
  query: Query,
  { level: parent, outer, commons, beside, common }: BindEnvironment,
): void {
  const level: Level = { query, parent };
  context.outerReferences.set(query, []);
  const visible = commonsOf(context, level, outer, commons);
  const scopeOf = (core: Core) => new Scope(level, outer, visible, core.kind === "select" ? core : undefined, beside);
  const cores: OrderedCore[] = [];
  const isCompound = query.rest.length > 0;
  const recursive = common === undefined ? [] : recursiveCores(query, common.table.name.text);
  for (const core of [query.first, ...query.rest.map((one) => one.core)]) {
    // From here on the table is named that is being made, and its columns are those of what stands before.
    if (common !== undefined && core === recursive[0]) common.columns = columnsOfCommonQuery(context, common);
    const bound = core.kind === "values"
      ? bindValues(context, scopeOf(core), core)
      : bindSelect(context, scopeOf(core), core, isCompound ? [] : query.orderBy);
    checkWidth(context, cores, bound);
    if (core.kind === "select" && recursive.includes(core)) checkRecursive(context, core, common!);
    cores.push(bound);
  }
  if (isCompound) bindCompoundOrder(context, cores, query.orderBy);
  bindLimits(context, query, level, visible);
  // SQLite does not look at common tables that nothing names; here all of a query has a meaning.
  if (query.with !== undefined) visible?.tables.forEach((common) => columnsOfCommon(context, common));
}

/** What may not stand in a SELECT that goes on from the rows found so far. */
function checkRecursive(context: BindContext, core: Select, { table: { name } }: CommonTableExpression): void {
  const what = context.cores.get(core)!.isAggregate
    ? "groups or aggregates"
    : core.items.some((item) => item.kind === "item" && holdsWindow(item.expression))
    ? "window functions"
    : timesNamed(core.from, name.text) > 1
    ? "its own rows twice"
    : undefined;
  if (what !== undefined) {
    context.fail(`Cannot use ${what} in the SELECT by which "${name.text}" continues from its own rows`, core);
  }
}

function checkWidth(context: BindContext, before: readonly OrderedCore[], { core, outputs }: OrderedCore): void {
  if (before.length === 0 || before[0].outputs.length === outputs.length) return;
  const [wanted, found] = [before[0].outputs.length, outputs.length];
  context.fail(`Cannot combine SELECTs of ${wanted} and ${found} columns: they must have the same number`, core);
}

/** LIMIT and OFFSET may name nothing, not even what is around the query. */
function bindLimits(
  context: BindContext,
  { limit, offset }: Query,
  level: Level,
  commons: CommonTableExpressions | undefined,
): void {
  const scope = new Scope(level, undefined, commons, undefined);
  const bind = (where: string, expression: Expression | undefined): void => {
    const place = { aggregates: false, windows: false, where };
    if (expression !== undefined) scope.within(place, () => bindExpression(context, scope, expression));
  };
  bind("in LIMIT", limit);
  bind("in OFFSET", offset);
}
