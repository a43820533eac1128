import { tableOf } from "../../schema/tables.ts";
import type { FromTable, Query, Select } from "../../sql/tree.ts";
import type { BoundColumn, Instance } from "../bound.ts";
import type { BindContext } from "./context.ts";
import { columnsOfQuery, renamed } from "./query_columns.ts";
import type { CommonTableExpression, CommonTableExpressions, Level, Scope } from "./scope.ts";

/** What the tables of a WITH are to those who may name them: also each other, in any order. */
export function commonsOf(
  context: BindContext,
  level: Level,
  outer: Scope | undefined,
  around: CommonTableExpressions | undefined,
): CommonTableExpressions | undefined {
  const { query } = level;
  if (query.with === undefined) return around;
  const tables: CommonTableExpression[] = [];
  const commons: CommonTableExpressions = { tables, outer: around };
  for (const table of query.with.tables) {
    const { name } = table;
    const isTwice = tables.some((one) => one.table.name.text.toLowerCase() === name.text.toLowerCase());
    if (isTwice) context.fail(`Cannot define "${name.text}" twice in one WITH`, name);
    tables.push({ table, level, outer, commons });
  }
  return commons;
}

/** The common table of a name, innermost first. */
export function findCommon(
  commons: CommonTableExpressions | undefined,
  name: string,
): CommonTableExpression | undefined {
  const lower = name.toLowerCase();
  for (let at = commons; at !== undefined; at = at.outer) {
    const found = at.tables.find(({ table }) => table.name.text.toLowerCase() === lower);
    if (found !== undefined) return found;
  }
}

/** The common table that a FROM item names, bound where it is named for the first time. */
export function commonTable(
  context: BindContext,
  scope: Scope,
  from: FromTable,
): Pick<Instance, "source" | "columns"> | undefined {
  const common = findCommon(scope.commons, from.name.text);
  if (common === undefined) return undefined;
  const { query, name } = common.table;
  const isRecursive = common.columns !== undefined && isRecursivePart(common.table.query, name.text, scope);
  if (common.refusal !== undefined && !isRecursive) context.fail(common.refusal, from.name);
  const columns = columnsOfCommon(context, common);
  for (const outer of context.outerReferences.get(query) ?? []) {
    context.reachOut(outer, scope.level, common.level);
  }
  return { source: { kind: "query", query, common: name.text, ...isRecursive ? { isRecursive } : {} }, columns };
}

/** Binds a common table if it was not, and gives its columns. */
export function columnsOfCommon(context: BindContext, common: CommonTableExpression): readonly BoundColumn[] {
  if (common.columns !== undefined) return common.columns;
  const { table, level, outer, commons } = common;
  const called = table.name.text;
  const way = tableOf(called) === undefined ? "" : `; the table of that name is main.${called}`;
  common.refusal = `Cannot read "${called}" here: it would be made from itself${way}`;
  context.bindQuery(table.query, { level, outer, commons, common });
  common.columns ??= columnsOfCommonQuery(context, common);
  common.refusal = undefined;
  return common.columns;
}

/** The columns of a common table, from the cores that are bound, under the names that it gives them. */
export function columnsOfCommonQuery(context: BindContext, { table }: CommonTableExpression): readonly BoundColumn[] {
  const columns = columnsOfQuery(context, table.query);
  if (table.columns === undefined) return columns;
  if (table.columns.length !== columns.length) {
    const [wanted, found] = [table.columns.length, columns.length];
    context.fail(
      `Cannot name the columns of "${table.name.text}": it has ${found} columns, and ${wanted} names`,
      table.name,
    );
  }
  return renamed(columns, table.columns.map(({ text }) => text));
}

/** Whether a SELECT is one of those that go on from the rows found so far. */
function isRecursivePart(query: Query, name: string, { select }: Scope): boolean {
  return recursiveCores(query, name).includes(select!);
}

/**
 * The SELECTs at the end of a compound that name the table in their FROM: they are run again and again.
 *
 * As in SQLite all that begin with the first of them are joined by one operator, UNION or UNION ALL, and the word RECURSIVE
 * is not needed.
 */
export function recursiveCores({ rest }: Query, name: string): readonly Select[] {
  const op = rest.at(-1)?.op;
  if (op !== "UNION" && op !== "UNION ALL") return [];
  const found: Select[] = [];
  for (const one of rest.toReversed()) {
    if (one.op !== op || one.core.kind !== "select" || timesNamed(one.core.from, name) === 0) break;
    found.unshift(one.core);
  }
  return found;
}

/** How often a FROM names a common table. */
export function timesNamed(from: Select["from"], name: string): number {
  if (from?.kind === "join") return timesNamed(from.left, name) + timesNamed(from.right, name);
  const isNamed = from?.kind === "table" && from.schema === undefined &&
    from.name.text.toLowerCase() === name.toLowerCase();
  return isNamed ? 1 : 0;
}
