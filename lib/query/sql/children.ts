import type { Expression, OrderTerm, Query, Window } from "./tree.ts";

/** The expressions that an expression is made of, those of its window included; not those of queries within it. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "parameter":
    case "name":
    case "exists":
    case "subquery":
      return [];
    case "unary":
    case "collate":
    case "cast":
      return [expression.operand];
    case "binary":
    case "is":
      return [expression.left, expression.right];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "in":
      return [expression.operand, ...expression.set.kind === "list" ? expression.set.items : []];
    case "like":
      return [expression.left, expression.right, ...some(expression.escape)];
    case "case":
      return [
        ...some(expression.operand),
        ...expression.branches.flatMap(({ when, then }) => [when, then]),
        ...some(expression.otherwise),
      ];
    case "call":
      return [
        ...expression.args,
        ...termsOf(expression.orderBy),
        ...some(expression.filter),
        ...expression.over === undefined ? [] : partsOfWindow(expression.over),
      ];
    case "row":
      return expression.items;
  }
}

/** The query that stands within an expression itself. */
export function queryIn(expression: Expression): Query | undefined {
  if (expression.kind === "exists" || expression.kind === "subquery") return expression.query;
  return expression.kind === "in" && expression.set.kind === "query" ? expression.set.query : undefined;
}

/** What a window partitions and orders by. */
export function partsOfWindow(window: Window): Expression[] {
  return [...window.partitionBy, ...termsOf(window.orderBy)];
}

function termsOf(terms: readonly OrderTerm[]): Expression[] {
  return terms.map(({ expression }) => expression);
}

function some<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

/** The conditions that must all be true. */
export function conjunctsOfExpression(expression: Expression | undefined): Expression[] {
  if (expression === undefined) return [];
  return expression.kind === "binary" && expression.op === "AND"
    ? [...conjunctsOfExpression(expression.left), ...conjunctsOfExpression(expression.right)]
    : [expression];
}
