import type { Call, Core, Expression, From, Item, OrderTerm, Query, Select, Star, Window } from "./tree.ts";

/** Everything in a tree that has a kind. */
export type Node = Expression | Query | Core | Item | Star | From;

/** The nodes directly below a node, in the order of the query's text, except that those of a join come before its condition. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case "literal":
    case "parameter":
    case "name":
    case "star":
    case "table":
      return [];
    case "unary":
    case "collate":
    case "cast":
      return [node.operand];
    case "binary":
    case "is":
      return [node.left, node.right];
    case "like":
      return node.escape === undefined ? [node.left, node.right] : [node.left, node.right, node.escape];
    case "between":
      return [node.operand, node.low, node.high];
    case "in":
      return [node.operand, ...inSet(node.set)];
    case "case":
      return [
        ...defined(node.operand),
        ...node.branches.flatMap(({ when, then }) => [when, then]),
        ...defined(node.otherwise),
      ];
    case "call":
      return ofCall(node);
    case "exists":
    case "subquery":
    case "fromQuery":
      return [node.query];
    case "row":
      return node.items;
    case "function":
      return node.args;
    case "item":
      return [node.expression];
    case "join":
      return [node.left, node.right, ...defined(node.on)];
    case "values":
      return node.rows.flat();
    case "select":
      return ofSelect(node);
    case "query":
      return ofQuery(node);
  }
}

/** The expressions of a window. */
export function expressionsOfWindow(window: Window): readonly Expression[] {
  const { from, to } = window.frame ?? {};
  const bounds = [from, to].flatMap((bound) => bound !== undefined && "offset" in bound ? [bound.offset] : []);
  return [...window.partitionBy, ...ofTerms(window.orderBy), ...bounds];
}

/**
 * Visits a node and all below it, parents first.
 *
 * @param enter Returns false where it does not want to see what is below.
 * @param leave Called behind the last of what is below, and not where `enter` said false.
 */
export function walk(node: Node, enter: (node: Node) => boolean | void, leave?: (node: Node) => void): void {
  if (enter(node) === false) return;
  for (const child of childrenOf(node)) walk(child, enter, leave);
  leave?.(node);
}

function inSet(set: (Expression & { kind: "in" })["set"]): readonly Node[] {
  switch (set.kind) {
    case "list":
      return set.items;
    case "query":
      return [set.query];
    case "function":
      return set.args;
    case "table":
      return [];
  }
}

function ofCall(node: Call): readonly Node[] {
  if (node.orderBy.length === 0 && node.filter === undefined && node.over === undefined) return node.args;
  return [
    ...node.args,
    ...ofTerms(node.orderBy),
    ...defined(node.filter),
    ...node.over === undefined ? [] : expressionsOfWindow(node.over),
  ];
}

function ofSelect(node: Select): readonly Node[] {
  return [
    ...node.items,
    ...defined(node.from),
    ...defined(node.where),
    ...node.groupBy,
    ...defined(node.having),
    ...node.windows.flatMap(({ window }) => expressionsOfWindow(window)),
  ];
}

function ofQuery(node: Query): readonly Node[] {
  return [
    ...(node.with?.tables ?? []).map((table) => table.query),
    node.first,
    ...node.rest.map(({ core }) => core),
    ...ofTerms(node.orderBy),
    ...defined(node.limit),
    ...defined(node.offset),
  ];
}

function ofTerms(terms: readonly OrderTerm[]): readonly Expression[] {
  return terms.map((term) => term.expression);
}

function defined<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}
