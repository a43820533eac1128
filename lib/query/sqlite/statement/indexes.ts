import type { BoundColumn, BoundQuery, Instance, Reference } from "../../bind/bound.ts";
import type { Core, Expression, From, Query, Select } from "../../sql/tree.ts";
import { type Node, walk } from "../../sql/walk.ts";
import { joinPairs } from "../load/join_pairs.ts";
import { ignoresOrder } from "./row_order.ts";
import type { TableLoads } from "../load/table_loads.ts";

/** An index that a query needs on a loaded table: the columns, by their numbers. */
export interface NeededIndex {
  readonly table: string;
  readonly columns: readonly number[];
}

/** Columns beyond these are looked up in the table. */
const MAX_COLUMNS = 8;

/**
 * The indexes without which a query would go through a table once for each row, or through its index by leaps.
 *
 * SQLite makes indexes itself for joins, but not in queries that depend on the row, nor in those that go on from the rows found
 * so far; and those for joins by more than one column have them in an order that is ten times slower for a million rows.
 *
 * An index begins with the columns that must be equal to something, then come those that are compared or looked for the least
 * or greatest of, then all others that are read, if they are few and short.
 *
 * @param others SELECTs that are not run for each row after all.
 */
export function neededIndexes(
  bound: BoundQuery,
  loads: TableLoads,
  others: readonly Select[] = [],
): readonly NeededIndex[] {
  return bound.instances.flatMap((instance) => {
    if (instance.source.kind !== "table" || others.includes(instance.select)) return [];
    const isOften = isRunOften(bound, instance.select);
    const { equal, ordered } = looks(bound, instance, isOften);
    if (equal.length < (isOften ? 1 : 2)) return [];
    const { name, columns: all } = loads.of(instance);
    const rest = all.length <= MAX_COLUMNS && !all.some((column) => isLong(instance, column)) ? all.keys() : [];
    const numbers = (columns: readonly BoundColumn[]) => columns.map((column) => loads.columnOf(instance, column));
    // Rows of one key are found in the order of the table, unless more columns follow.
    const tells = isOften && !ignoresOrder(bound, instance.select);
    // The columns of a table are in the order in which its rows are: neighbours in it are neighbours in the index.
    const first = numbers(equal).sort((a, b) => a - b);
    return [{ table: name, columns: [...new Set(tells ? first : [...first, ...numbers(ordered), ...rest])] }];
  });
}

/** Whether a SELECT is of a query that depends on the row, or goes on from rows of its own. */
function isRunOften(bound: BoundQuery, select: Select): boolean {
  for (const [query, names] of bound.outerReferences) {
    if (names.length > 0 && coresOf(query).includes(select)) return true;
  }
  return bound.instances.some(({ source, select: other }) =>
    source.kind === "query" && source.isRecursive === true && other === select
  );
}

function coresOf({ first, rest }: Query): readonly Core[] {
  return [first, ...rest.map(({ core }) => core)];
}

/**
 * The columns by which rows of an instance are looked for.
 *
 * @param isOften Else only what compares them with instances before it: the later side of a join is the one that is searched.
 */
function looks(
  bound: BoundQuery,
  instance: Instance,
  isOften: boolean,
): { readonly equal: readonly BoundColumn[]; readonly ordered: readonly BoundColumn[] } {
  const equal: BoundColumn[] = [];
  const ordered: BoundColumn[] = [];
  const { select } = instance;
  const own = (expression: Expression): BoundColumn | undefined =>
    expression.kind === "name" ? columnOf(bound.references.get(expression), instance) : undefined;
  const look = (condition: Expression | undefined): void => {
    if (condition === undefined) return;
    if (condition.kind === "binary" && condition.op === "AND") {
      look(condition.left);
      look(condition.right);
    } else if (condition.kind === "binary" || condition.kind === "is" && !condition.not) {
      const isEqual = condition.kind === "is" || condition.op === "=";
      if (!isEqual && !/^[<>]=?$/.test(condition.op)) return;
      for (const [one, other] of [[condition.left, condition.right], [condition.right, condition.left]]) {
        const column = own(one);
        if (column === undefined || !isSought(bound, other, instance, isOften)) continue;
        (isEqual ? equal : ordered).push(column);
      }
    }
  };
  look(select.where);
  const lookAtJoins = (from: From | undefined): void => {
    if (from?.kind !== "join") return;
    look(from.on);
    for (const sides of joinPairs(bound, from)) {
      const column = sides[1].columns.find((one) => one.instance === instance)?.column;
      if (column !== undefined) equal.push(column);
    }
    lookAtJoins(from.left);
    lookAtJoins(from.right);
  };
  lookAtJoins(select.from);
  walk(select, (node) => {
    if (node.kind === "query") return false;
    if (node.kind !== "call" || !/^(min|max)$/i.test(node.name.text) || node.args.length !== 1) return;
    const column = own(node.args[0]);
    if (column !== undefined) ordered.unshift(column);
  });
  return { equal, ordered };
}

function columnOf(reference: Reference | undefined, instance: Instance): BoundColumn | undefined {
  if (reference?.kind === "column") return reference.instance === instance ? reference.column : undefined;
  if (reference?.kind !== "merged") return undefined;
  return reference.columns.find((one) => one.instance === instance)?.column;
}

/** Whether an expression says what to look for: it changes, and not with the row that is looked for. */
function isSought(bound: BoundQuery, expression: Expression, instance: Instance, isOften: boolean): boolean {
  const { id } = instance;
  let reads = 0;
  let isKnown = true;
  walk(expression, (node: Node) => {
    if (node.kind === "query") isKnown = false;
    if (node.kind !== "name") return;
    reads++;
    const reference = bound.references.get(node);
    const columns = reference?.kind === "column" ? [reference] : reference?.kind === "merged" ? reference.columns : [];
    if (columns.some((one) => isOften ? one.instance.id === id : one.instance.id >= id)) isKnown = false;
  });
  return reads > 0 && isKnown;
}

/** A whole column of JSON. */
function isLong({ source }: Instance, { column, path }: BoundColumn): boolean {
  if (source.kind !== "table" || path !== undefined || column === undefined) return false;
  const { families, hiddenFamilies = [] } = source.table;
  return families.includes(column) || hiddenFamilies.includes(column);
}
