import type { Expression, From, OrderTerm, Select, Values } from "../sql/tree.ts";
import { holdsAggregate, holdsWindow } from "./expression/calls_within.ts";
import type { BindContext } from "./scope/context.ts";
import { bindExpression } from "./expression/expression.ts";
import { bindFrom } from "./from.ts";
import { bindItems, type BoundOutput } from "./output.ts";
import type { Place, Scope } from "./scope/scope.ts";
import { bindGroups, bindOrder, type OrderedCore } from "./terms.ts";
import { bindWindow } from "./expression/window.ts";
import { affinityOf, collationOf } from "./types.ts";

const nowhere = (where: string): Place => ({ aggregates: false, windows: false, where });

/** Binds a SELECT, with the ORDER BY of a query of one SELECT. Its names are found in the order in which SQLite finds them. */
export function bindSelect(
  context: BindContext,
  scope: Scope,
  select: Select,
  orderBy: readonly OrderTerm[],
): OrderedCore {
  if (select.from !== undefined) scope.from = bindFrom(context, scope, select.from);
  const items = { aggregates: true, windows: true, where: "here" };
  const bound = scope.within(items, () => bindItems(context, scope, select));
  const isAggregate = select.groupBy.length > 0 || scope.hasAggregate;
  // Of no rows an aggregate without GROUP BY makes one, in which a column beside it is NULL.
  const outputs = isAggregate && select.groupBy.length === 0 ? bound.map(withoutNaN) : bound;
  const output = outputs.map(({ column }) => column);
  context.cores.set(select, { core: select, instances: scope.instances, output, isAggregate });
  const ordered = { core: select, scope, outputs };
  scope.aliases = select.items.filter((item): item is Scope["aliases"][number] =>
    item.kind === "item" && item.alias !== undefined
  );
  const bind = (where: string, expression: Expression | undefined): void => {
    if (expression !== undefined) scope.within(nowhere(where), () => bindExpression(context, scope, expression));
  };
  conditionsOf(select.from, (condition) => bind("in ON", condition), (arg) => bind("in FROM", arg));
  bind("in WHERE", select.where);
  scope.within(nowhere("in GROUP BY"), () => bindGroups(context, scope, outputs, select.groupBy));
  checkGroups(context, select, outputs);
  bindHaving(context, scope, select, isAggregate);
  scope.within({ aggregates: isAggregate, windows: true, where: "in ORDER BY of a query without groups" }, () => {
    bindOrder(context, ordered, orderBy);
    for (const { window } of select.windows) {
      if (!scope.windows.has(window)) bindWindow(context, scope, window, bindExpression);
    }
  });
  return ordered;
}

function bindHaving(context: BindContext, scope: Scope, { having }: Select, isAggregate: boolean): void {
  if (having === undefined) return;
  if (!isAggregate) {
    context.fail("Cannot use HAVING without groups: use WHERE, or GROUP BY, or an aggregate in the columns", having);
  }
  const place = { aggregates: true, windows: false, where: "in HAVING" };
  scope.within(place, () => bindExpression(context, scope, having));
}

/** GROUP BY 2, where that column is known only when there are groups. */
function checkGroups(context: BindContext, { groupBy }: Select, outputs: readonly BoundOutput[]): void {
  for (const term of groupBy) {
    const meaning = context.terms.get(term);
    const meant = meaning?.kind === "output" ? outputs[meaning.index].column.expression : undefined;
    if (meant === undefined) continue;
    if (holdsAggregate(context, meant)) context.fail("Cannot group by a column that is an aggregate itself", term);
    if (holdsWindow(meant)) context.fail("Cannot group by a window function: put the SELECT into FROM (…)", term);
  }
}

function withoutNaN({ column, called }: BoundOutput): BoundOutput {
  return { column: { ...column, showsNaN: false }, called };
}

/** The conditions of joins and the arguments of functions. */
function conditionsOf(
  from: From | undefined,
  condition: (expression: Expression) => void,
  argument: (expression: Expression) => void,
): void {
  if (from?.kind === "function") from.args.forEach(argument);
  if (from?.kind !== "join") return;
  conditionsOf(from.left, condition, argument);
  conditionsOf(from.right, condition, argument);
  if (from.on !== undefined) condition(from.on);
}

/** Binds VALUES, whose columns are `column1` and so on. */
export function bindValues(context: BindContext, scope: Scope, values: Values): OrderedCore {
  scope.within(nowhere("in VALUES"), () => {
    for (const row of values.rows) row.forEach((expression) => bindExpression(context, scope, expression));
  });
  const outputs = values.rows[0].map((expression, at): BoundOutput => {
    const affinity = affinityOf(context, expression);
    const collation = collationOf(context, expression) ?? "BINARY";
    const name = `column${at + 1}`;
    return {
      column: { name, expression, reference: undefined, affinity, collation, showsNaN: false },
      called: undefined,
    };
  });
  const output = outputs.map(({ column }) => column);
  context.cores.set(values, { core: values, instances: [], output, isAggregate: false });
  return { core: values, scope, outputs };
}
