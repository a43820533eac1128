import { childrenOf, type Expression } from "./ast.ts";
import { BulkInsert } from "./sqlite/bulk_insert.ts";
import type { Cell } from "./result/cell.ts";
import { splice } from "./dimensions.ts";
import { openDatabase } from "./sqlite/database.ts";
import { addFunctions } from "./sqlite/functions.ts";
import { isOrderable, sorted } from "./order.ts";
import { NotCovered } from "./parse_select.ts";
import { quoteName } from "./sql/quote.ts";
import { type GroupPlan, itemOf, namesOf, numberIn, type Reference, type VectorPlan } from "./vector_plan.ts";

/** The groups as a table: keys, what follows from them, aggregates. */
export interface GroupTable {
  readonly count: number;
  readonly columns: Cell[][];
  /** Types in SQLite. */
  readonly types: string[];
}

function at(grouping: GroupPlan, { kind, index }: Reference): number {
  return kind === "group" ? index : grouping.groups.length + grouping.dependents.length + index;
}

/** The rows of the answer, from the groups. Throws {@linkcode NotCovered} where SQLite refuses. */
export function answerOf(
  plan: VectorPlan,
  grouping: GroupPlan,
  table: GroupTable,
): { columns: string[]; rows: Cell[][] } {
  return shown(plan, grouping, table) ?? bySqlite(plan, grouping, table);
}

/** The answer, where it is made of columns of the table alone; undefined where something is computed with them. */
function shown(
  plan: VectorPlan,
  grouping: GroupPlan,
  table: GroupTable,
): { columns: string[]; rows: Cell[][] } | undefined {
  const { select, scope } = plan;
  if (select.having !== undefined || select.distinct) return undefined;
  const places = select.items.map(({ expression }) => grouping.reference(expression));
  const orders = select.orderBy.map(({ expression, descending, nullsLast }) => ({
    place: grouping.reference(itemOf(expression, select, scope) ?? expression),
    descending,
    nullsLast: nullsLast ?? descending,
  }));
  const limit = select.limit === undefined ? Infinity : numberIn(plan, select.limit);
  const offset = select.offset === undefined ? 0 : numberIn(plan, select.offset);
  if (Number.isNaN(limit) || Number.isNaN(offset)) return undefined;
  if (places.includes(undefined) || orders.some(({ place }) => place === undefined)) return undefined;
  const keys = orders.map(({ place, descending, nullsLast }) => ({
    cells: table.columns[at(grouping, place!)],
    descending,
    nullsLast,
  }));
  if (!keys.every(({ cells }) => isOrderable(cells))) return undefined;
  const order = sorted(table.count, keys, offset + limit).slice(offset);
  const columns = places.map((place) => table.columns[at(grouping, place!)]);
  return { columns: namesOf(plan), rows: order.map((group) => columns.map((cells) => cells[group])) };
}

/** The answer where SQLite has to compute it, over the table of groups. */
function bySqlite(plan: VectorPlan, grouping: GroupPlan, table: GroupTable): { columns: string[]; rows: Cell[][] } {
  const { select, scope } = plan;
  const sql = scope.sql;
  using db = openDatabase();
  addFunctions(db);
  const definitions = table.types.map((type, index) => `_g${index} ${type}`);
  if (definitions.length === 0) definitions.push("nothing");
  db.exec(`CREATE TABLE _groups (${definitions.join(", ")}); BEGIN`);
  const insert = new BulkInsert(db, "_groups", definitions.length);
  for (let group = 0; group < table.count; group++) {
    insert.add(...table.columns.length === 0 ? [null] : table.columns.map((cells) => cells[group]));
  }
  insert.flush();
  const replace = (part: Expression): string | undefined => {
    const reference = grouping.reference(part);
    return reference === undefined ? undefined : `_g${at(grouping, reference)}`;
  };
  const names = namesOf(plan);
  const items = select.items.map(({ expression }, index) =>
    `${splice(sql, expression, replace)} AS ${quoteName(names[index])}`
  );
  let text = `SELECT ${select.distinct ? "DISTINCT " : ""}${items.join(", ")} FROM _groups`;
  if (select.having !== undefined) text += ` WHERE ${splice(sql, select.having, replace)}`;
  const orders = select.orderBy.map(({ expression, descending, nullsLast }) => {
    const nulls = nullsLast === undefined ? "" : nullsLast ? " NULLS LAST" : " NULLS FIRST";
    return splice(sql, expression, replace) + (descending ? " DESC" : "") + nulls;
  });
  if (orders.length > 0) text += ` ORDER BY ${orders.join(", ")}`;
  if (select.limit !== undefined) text += ` LIMIT ${sql.slice(select.limit.start, select.limit.end)}`;
  if (select.offset !== undefined) text += ` OFFSET ${sql.slice(select.offset.start, select.offset.end)}`;
  const used = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === "parameter") used.add(expression.name);
    if (replace(expression) === undefined) childrenOf(expression).forEach(visit);
  };
  const all = [...select.items, ...select.orderBy].map(({ expression }) => expression);
  for (const expression of [...all, select.having, select.limit, select.offset]) if (expression) visit(expression);
  try {
    const statement = db.prepare(text);
    statement.setReturnArrays(true);
    const bound = Object.fromEntries(Array.from(used, (name) => [name, scope.parameter(name)]));
    return { columns: names, rows: statement.all(bound) as unknown as Cell[][] };
  } catch (error) {
    throw new NotCovered(String(error));
  }
}
