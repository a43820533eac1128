import type { Item, NameExpression } from "../../sql/tree.ts";
import type { Reference } from "../bound.ts";
import { holdsAggregate, holdsWindow } from "./calls_within.ts";
import type { BindContext } from "../scope/context.ts";
import { matchesOf } from "../scope/find_column.ts";
import { referenceOfMatch } from "../from_names.ts";
import { unknownName } from "../hints/unknown_name.ts";
import type { Scope } from "../scope/scope.ts";

/**
 * Finds what a name means: a column of the FROM, else an alias of the SELECT where those can be seen, else the same in the
 * query around it.
 */
export function bindName(context: BindContext, scope: Scope, name: NameExpression): void {
  const texts = name.parts.map(({ text }) => text);
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const reference = referenceIn(context, at, name, texts, scope);
    if (reference === undefined) continue;
    context.references.set(name, reference);
    context.scopes.set(name, at);
    context.useAll(reference);
    if (at !== scope) context.reachOut(name, scope.level, at.level);
    return;
  }
  const [{ quote, text }] = name.parts;
  const isText = quote === '"' && texts.length === 1 && context.options.doubleQuotedTexts === true;
  if (!isText) throw unknownName(context, scope, name);
  context.references.set(name, { kind: "text", value: text });
}

function referenceIn(
  context: BindContext,
  at: Scope,
  name: NameExpression,
  texts: readonly string[],
  scope: Scope,
): Reference | undefined {
  const found = matchesOf(context, at, texts);
  if (found.length > 1) {
    const tables = found.map(({ columns: [{ instance }] }) => instance.name || "a subquery");
    const written = context.sql.slice(name.start, name.end);
    context.fail(`Cannot tell which column "${written}" is: it is in ${listed(tables)}`, name);
  }
  if (found.length === 1) return referenceOfMatch(found[0], at !== scope);
  if (texts.length > 1) return undefined;
  const lower = texts[0].toLowerCase();
  const item = at.aliases.find(({ alias }) => alias.text.toLowerCase() === lower);
  if (item === undefined) return undefined;
  checkAlias(context, at, name, item, at !== scope);
  return { kind: "item", item };
}

function checkAlias(context: BindContext, at: Scope, name: NameExpression, item: Item, isOuter: boolean): void {
  const { place } = at;
  const what = !place.aggregates && holdsAggregate(context, item.expression)
    ? "an aggregate"
    : (!place.windows || isOuter) && holdsWindow(item.expression)
    ? "a window function"
    : undefined;
  if (what === undefined) return;
  const alias = item.alias!.text;
  const way = place.where === "in WHERE" && what === "an aggregate" ? ": use HAVING" : ": put the SELECT into FROM (…)";
  context.fail(`Cannot use "${alias}" ${place.where}: it stands for ${what}${way}`, name);
}

function listed(names: readonly string[]): string {
  const unique = [...new Set(names)];
  if (unique.length === 1) return `${unique[0]} more than once`;
  return `${unique.slice(0, -1).join(", ")} and ${unique.at(-1)}`;
}
