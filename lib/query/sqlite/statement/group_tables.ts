import type { Affinity, BoundQuery } from "../../bind/bound.ts";
import type { Value } from "../../values/value.ts";
import type { Expression, Query, Select } from "../../sql/tree.ts";
import type { SqlDatabase } from "../database.ts";
import type { GroupedSubquery } from "./grouped_subqueries.ts";
import { TYPES } from "../load/load_table.ts";
import { printedQuery, type ReplacedSubqueries } from "./printed_query.ts";
import type { TableLoads } from "../load/table_loads.ts";

/** What all parts of a query that is printed and run share. */
export interface Printing {
  readonly bound: BoundQuery;
  readonly loads: TableLoads;
  readonly parameters: Readonly<Record<string, Value>>;
}

/**
 * Makes a table of the groups of each subquery. Returns what to print in their places; undefined where one cannot be computed for
 * all groups, as when a sum of integers is too great: then rows that ask for it, if there are any, shall get that error.
 */
export function groupTables(
  db: SqlDatabase,
  printing: Printing,
  grouped: readonly GroupedSubquery[],
): ReplacedSubqueries["subquery"] {
  try {
    grouped.forEach((one, at) => makeTable(db, printing, one, `g${at}`));
  } catch (error) {
    if (error instanceof Error && "errcode" in error) return undefined;
    throw error;
  }
  return (node, print) => {
    const at = grouped.findIndex((one) => one.node === node);
    if (at < 0) return undefined;
    const equal = grouped[at].pairs.map(({ outer }, pair) => `g.k${pair} = ${print(outer)}`);
    const found = `SELECT +g.v FROM temp.g${at} AS g WHERE ${equal.join(" AND ")}`;
    // Of no rows an aggregate has a value too.
    return `(${found} UNION ALL SELECT +e.v FROM temp.g${at}_none AS e LIMIT 1)`;
  };
}

function makeTable(db: SqlDatabase, printing: Printing, grouped: GroupedSubquery, name: string): void {
  const { select, item, pairs, own } = grouped;
  const keys = pairs.map(({ inner }, at) => `k${at} ${TYPES[printing.bound.affinities(inner) as Affinity]}`.trim());
  db.exec(`CREATE TEMP TABLE ${name}(${keys.join(", ")}, v); CREATE TEMP TABLE ${name}_none(v)`);
  const inner = pairs.map((pair) => pair.inner);
  insert(db, printing, name, { ...select, where: allOf(own), groupBy: inner }, [...inner, item]);
  insert(db, printing, `${name}_none`, { ...select, where: NEVER }, [item]);
  db.exec(`CREATE INDEX temp.${name}_k ON ${name}(${pairs.map((_, at) => `k${at}`).join(", ")}, v)`);
}

function insert(
  db: SqlDatabase,
  { bound, loads, parameters }: Printing,
  table: string,
  select: Select,
  items: readonly Expression[],
): void {
  const { start, end } = select;
  const none = { with: undefined, rest: [], orderBy: [], limit: undefined, offset: undefined };
  const query: Query = { kind: "query", first: select, ...none, start, end };
  const printed = printedQuery(bound, loads, { query, items: new Map([[select, items]]) });
  const bindings = Object.fromEntries(printed.parameters.map((name, at) => [`p${at + 1}`, parameters[name] ?? null]));
  db.prepare(`INSERT INTO temp.${table} ${printed.sql}`).run(bindings);
}

const NEVER: Expression = { kind: "literal", value: 0n, start: 0, end: 0 };

function allOf(conditions: readonly Expression[]): Expression | undefined {
  return conditions.length === 0 ? undefined : conditions.reduce((left, right) => ({
    kind: "binary",
    op: "AND",
    left,
    right,
    start: left.start,
    end: right.end,
  }));
}
