import { tableOf } from "../schema/tables.ts";
import type { From, FromFunction, FromTable, Join } from "../sql/tree.ts";
import type { BoundColumn, Instance } from "./bound.ts";
import { commonTable } from "./scope/common_tables.ts";
import type { BindContext } from "./scope/context.ts";
import { columnMatches } from "./scope/find_column.ts";
import { type FromNames, instancesOf } from "./from_names.ts";
import { unknownTable, unknownTableFunction } from "./hints/unknown_table.ts";
import { columnsOfQuery } from "./scope/query_columns.ts";
import type { Scope } from "./scope/scope.ts";
import { tableFunction } from "./scope/table_functions.ts";
import { TableColumns } from "./scope/table_columns.ts";

/** Binds the tables of a FROM; its conditions and arguments come later, when all tables are known. */
export function bindFrom(context: BindContext, scope: Scope, from: From, mayBeMissing = false): FromNames {
  if (from.kind === "join") return bindJoin(context, scope, from, mayBeMissing);
  return { kind: "instance", instance: bindTable(context, scope, from, mayBeMissing) };
}

function bindTable(
  context: BindContext,
  scope: Scope,
  from: Exclude<From, Join>,
  mayBeMissing: boolean,
): Instance {
  const select = scope.select!;
  const common = { from, mayBeMissing, select };
  if (from.kind === "fromQuery") {
    const { query } = from;
    // A subquery in FROM sees what is around its SELECT, not its neighbours.
    context.bindQuery(query, { level: scope.level, outer: scope.outer, commons: scope.commons, beside: scope });
    const columns = columnsOfQuery(context, query);
    const source = { kind: "query", query } as const;
    return context.add({ ...common, name: from.alias?.text ?? "", source, columns }, scope);
  }
  const name = from.alias?.text ?? from.name.text;
  if (from.kind === "function") {
    const { columns, called } = functionOf(context, from);
    return context.add({ ...common, name, source: { kind: "function", name: called }, columns }, scope);
  }
  const found = from.schema === undefined ? commonTable(context, scope, from) : undefined;
  if (found !== undefined) return context.add({ ...common, name, ...found }, scope);
  return addTable(context, scope, from, { ...common, name });
}

function addTable(
  context: BindContext,
  scope: Scope,
  from: FromTable,
  common: Pick<Instance, "from" | "mayBeMissing" | "select" | "name">,
): Instance {
  const table = tableOf(from.name.text);
  const isOurs = from.schema === undefined || from.schema.text.toLowerCase() === "main";
  const function_ = table === undefined && isOurs ? tableFunction(from.name.text.toLowerCase()) : undefined;
  if (function_ !== undefined) {
    context.fail(`Cannot read "${from.name.text}" without an argument: write ${from.name.text}(…)`, from.name);
  }
  if (table === undefined || !isOurs) throw unknownTable(context, scope, from);
  const columns = new TableColumns(table);
  const instance = context.add({ ...common, source: { kind: "table", table }, columns: columns.shown }, scope);
  context.tables.set(instance, columns);
  return instance;
}

function functionOf(
  context: BindContext,
  from: FromFunction,
): { readonly columns: readonly BoundColumn[]; readonly called: string } {
  const called = from.name.text.toLowerCase();
  const found = tableFunction(called);
  if (found === undefined) {
    const isTable = tableOf(called) !== undefined;
    if (!isTable) throw unknownTableFunction(context, from);
    context.fail(`Cannot call "${from.name.text}": it is a table and takes no arguments`, from.name);
  }
  if (from.args.length < found.least || from.args.length > found.most) {
    const wanted = "JSON, and a path if you like";
    context.fail(`Cannot call ${called} with ${from.args.length} arguments: it takes ${wanted}`, from);
  }
  return { columns: found.columns, called };
}

function bindJoin(context: BindContext, scope: Scope, join: Join, mayBeMissing: boolean): FromNames {
  const { join: kind } = join;
  const left = bindFrom(context, scope, join.left, mayBeMissing || kind === "right" || kind === "full");
  const right = bindFrom(context, scope, join.right, mayBeMissing || kind === "left" || kind === "full");
  // As in SQLite, one RIGHT or FULL join makes it strict for all.
  const isFilled = hasFilling(scope.select!.from);
  const merged = new Set<string>();
  for (const name of sharedNames(join, left, right)) {
    const before = columnMatches(context, { from: left }, name.text);
    const behind = columnMatches(context, { from: right }, name.text);
    if (before.length === 0 || behind.length === 0) {
      context.fail(`Cannot join by the column "${name.text}": it must be on both sides of the join`, name);
    }
    if (before.length > 1 && isFilled) {
      context.fail(`Cannot tell which column "${name.text}" USING means: more than one table has it`, name);
    }
    for (const { columns } of [before[0], behind[0]]) {
      columns.forEach(({ instance, column }) => context.use(instance, column));
    }
    merged.add(name.text.toLowerCase());
  }
  return { kind: "join", join: kind, left, right, merged };
}

/** Whether there is a join that may fill its left side with NULL. */
function hasFilling(from: From | undefined): boolean {
  if (from?.kind !== "join") return false;
  return from.join === "right" || from.join === "full" || hasFilling(from.left) || hasFilling(from.right);
}

/** The names of USING, or those of columns that both sides of a NATURAL join show. */
function sharedNames(
  { using, natural, start }: Join,
  left: FromNames,
  right: FromNames,
): readonly { readonly text: string; readonly start: number }[] {
  if (using !== undefined) return using;
  if (!natural) return [];
  const names = (from: FromNames) =>
    new Set(instancesOf(from).flatMap(({ columns }) => columns.map(({ name }) => name.toLowerCase())));
  const known = names(left);
  return [...names(right)].filter((name) => known.has(name)).map((text) => ({ text, start }));
}
