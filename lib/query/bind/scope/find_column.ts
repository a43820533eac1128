import type { BoundColumn, Instance } from "../bound.ts";
import type { BindContext } from "./context.ts";
import { type Match, matchesIn } from "../from_names.ts";
import type { Scope } from "./scope.ts";
import { hiddenColumnsOfFunction } from "./table_functions.ts";
import { nameOfPart } from "./table_columns.ts";

/** Columns that `*` shows and parts of them, or those that are only found by name. */
type Which = "shown" | "hidden";
const BOTH: readonly Which[] = ["shown", "hidden"];

/** The column with a name; of two that differ in the case of letters, the one that is written so. */
export function named(columns: readonly BoundColumn[], name: string): BoundColumn | undefined {
  const lower = name.toLowerCase();
  return columns.find((column) => column.name === name) ??
    columns.find((column) => column.name.toLowerCase() === lower);
}

/** What the keys behind the name of a table stand for: `value`, `params.lr`. */
function findIn(
  context: BindContext,
  instance: Instance,
  texts: readonly string[],
  which: Which,
): BoundColumn | undefined {
  const [first, ...path] = texts;
  const { source, columns } = instance;
  const table = context.tables.get(instance);
  if (path.length > 0) {
    if (table !== undefined) return table.part(first, path, which);
    // A subquery that shows `params.lr` has a column of that name.
    return which === "shown" ? named(columns, nameOfPart(first.toLowerCase(), path)) : undefined;
  }
  if (which === "shown") {
    const [family, ...keys] = first.split(".");
    return named(columns, first) ?? (keys.length > 0 ? table?.part(family, keys, "shown") : undefined);
  }
  if (source.kind === "function") return named(hiddenColumnsOfFunction(source.name), first);
  if (table === undefined) return undefined;
  const [family, ...keys] = first.split(".");
  return named(table.hidden, first) ?? table.statistic(first) ??
    (keys.length > 0 ? table.part(family, keys, "hidden") : undefined);
}

/** The column of a name of one word, hidden ones too where none is shown. */
export function columnMatches(
  context: BindContext,
  scope: Pick<Scope, "from">,
  name: string,
  isMeant: (instance: Instance) => boolean = () => true,
): readonly Match[] {
  return pathMatches(context, scope, [name], isMeant);
}

/** What a name may mean in the FROM of a scope: `t.a` and `main.t.a` before parts of JSON. */
export function matchesOf(context: BindContext, scope: Scope, texts: readonly string[]): readonly Match[] {
  const isCalled = (name: string) => (instance: Instance) => instance.name.toLowerCase() === name.toLowerCase();
  if (texts.length > 1) {
    const found = pathMatches(context, scope, texts.slice(1), isCalled(texts[0]));
    if (found.length > 0) return found;
  }
  if (texts.length > 2 && texts[0].toLowerCase() === "main") {
    const isTable = (instance: Instance) => instance.source.kind === "table" && isCalled(texts[1])(instance);
    const found = pathMatches(context, scope, texts.slice(2), isTable);
    if (found.length > 0) return found;
  }
  return pathMatches(context, scope, texts, () => true);
}

function pathMatches(
  context: BindContext,
  { from }: Pick<Scope, "from">,
  texts: readonly string[],
  isMeant: (instance: Instance) => boolean,
): readonly Match[] {
  if (from === undefined) return [];
  const name = texts.length === 1 ? texts[0].toLowerCase() : "";
  for (const which of BOTH) {
    const found = matchesIn(
      from,
      name,
      (instance) => isMeant(instance) ? findIn(context, instance, texts, which) : undefined,
    );
    if (found.length > 0) return found;
  }
  return [];
}
