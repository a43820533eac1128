import type { BoundColumn, BoundQuery, Instance, Reference } from "../bind/bound.ts";
import type { Core, Expression, From, Query, Select } from "../sql/tree.ts";
import { type Node, walk } from "../sql/walk.ts";
import { joinPairs } from "./join_pairs.ts";
import { loadedColumns } from "./loaded_columns.ts";

/** An index that a query needs on a loaded table: the columns, by their numbers. */
export interface NeededIndex {
  readonly instance: Instance;
  readonly columns: readonly number[];
}

/** Columns beyond these are looked up in the table. */
const MOST_COLUMNS = 8;

/**
 * The indexes without which a query would go through a table once for each row: SQLite makes such indexes itself for joins, but
 * not in queries that depend on the row, nor in those that go on from the rows found so far.
 *
 * They begin with the columns that must be equal to something, then come those that are compared or looked for the least or
 * greatest of, then all others that are read, if they are few and short.
 */
export function neededIndexes(bound: BoundQuery): readonly NeededIndex[] {
  return bound.instances.flatMap((instance) => {
    if (instance.source.kind !== "table" || !isRunOften(bound, instance.select)) return [];
    const { equal, ordered } = looks(bound, instance);
    if (equal.length === 0) return [];
    const all = loadedColumns(bound, instance);
    const rest = all.length <= MOST_COLUMNS && !all.some((column) => isLong(instance, column)) ? all : [];
    const columns = new Set([...equal, ...ordered, ...rest].map((column) => all.indexOf(column)));
    columns.delete(-1);
    return [{ instance, columns: [...columns] }];
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

function looks(
  bound: BoundQuery,
  instance: Instance,
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
        if (column !== undefined && !reads(bound, other, instance)) (isEqual ? equal : ordered).push(column);
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

function reads(bound: BoundQuery, expression: Expression, instance: Instance): boolean {
  let found = false;
  walk(expression, (node: Node) => {
    if (node.kind === "name") found ||= columnOf(bound.references.get(node), instance) !== undefined;
  });
  return found;
}

/** A whole column of JSON. */
function isLong({ source }: Instance, { column, path }: BoundColumn): boolean {
  if (source.kind !== "table" || path !== undefined || column === undefined) return false;
  const { families, hiddenFamilies = [] } = source.table;
  return families.includes(column) || hiddenFamilies.includes(column);
}
