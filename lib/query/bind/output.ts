import type { Item, Select, Star } from "../sql/tree.ts";
import type { OutputColumn, Reference } from "./bound.ts";
import type { BindContext } from "./scope/context.ts";
import { bindExpression } from "./expression/expression.ts";
import { referenceOfMatch } from "./from_names.ts";
import type { Scope } from "./scope/scope.ts";
import { expandStar } from "./star.ts";
import { affinityOf, affinityOfReference, collationOf, columnOf } from "./types.ts";

/** A column of an answer, and the name by which ORDER BY finds it before anything else. */
export interface BoundOutput {
  readonly column: OutputColumn;
  readonly called: string | undefined;
}

/** Binds the columns of a SELECT. */
export function bindItems(context: BindContext, scope: Scope, select: Select): BoundOutput[] {
  return select.items.flatMap((item) =>
    item.kind === "star" ? ofStar(context, scope, item) : [ofItem(context, scope, item)]
  );
}

function ofStar(context: BindContext, scope: Scope, star: Star): BoundOutput[] {
  return expandStar(context, scope, star).map(({ name, match }) => {
    const reference = referenceOfMatch(match, false);
    context.useAll(reference);
    const called = name;
    return { column: outputOf(context, { name, expression: undefined, reference }), called };
  });
}

function ofItem(context: BindContext, scope: Scope, item: Item): BoundOutput {
  const { expression, alias } = item;
  bindExpression(context, scope, expression);
  const reference = expression.kind === "name" ? context.references.get(expression) : undefined;
  // The text of an expression, with the parentheses around it.
  const text = context.sql.slice(item.start, item.end).trim();
  const name = alias?.text ?? columnOf(reference)?.name ?? text;
  return { column: outputOf(context, { name, expression, reference }), called: alias?.text };
}

function outputOf(
  context: BindContext,
  { name, expression, reference }: Pick<OutputColumn, "name" | "expression" | "reference">,
): OutputColumn {
  const affinity = expression === undefined ? affinityOfReference(context, reference) : affinityOf(context, expression);
  const collation = expression === undefined ? columnOf(reference)?.collation : collationOf(context, expression);
  const showsNaN = showsNaNOf(reference);
  // What a name means stands beside the tree already.
  const shown = expression === undefined ? reference : undefined;
  return { name, expression, reference: shown, affinity, collation: collation ?? "BINARY", showsNaN };
}

/** Whether NULL can only be a NaN: of an outer join it may be a row that is not there. */
function showsNaNOf(reference: Reference | undefined): boolean {
  return reference?.kind === "column" && reference.column.showsNaN === true && !reference.isOuter &&
    !reference.instance.mayBeMissing;
}
