import type { Value } from "../values/value.ts";
import type { Call, Expression, FromTable, Item, Literal, Name, NameExpression, Query, Select, Span } from "./tree.ts";

/** Pieces of a tree that are not in the text: `span` is where what they stand for was written. */

export function literal(value: Value, span: Span): Literal {
  return { kind: "literal", value, start: span.start, end: span.end };
}

export function name(text: string, { start, end }: Span): Name {
  return { text, quote: "", start, end };
}

export function column(text: string, span: Span): NameExpression {
  return { kind: "name", parts: [name(text, span)], start: span.start, end: span.end };
}

export function call(of: string, args: readonly Expression[], span: Span): Call {
  const rest = { star: false, distinct: false, orderBy: [], filter: undefined, over: undefined };
  return { kind: "call", name: name(of, span), args, ...rest, start: span.start, end: span.end };
}

export function binary(
  op: "AND" | "OR" | "=" | "<>" | "<" | "<=" | ">" | ">=",
  left: Expression,
  right: Expression,
  { start, end }: Span,
): Expression {
  return { kind: "binary", op, left, right, start, end };
}

export function item(expression: Expression, alias: string | undefined): Item {
  const { start, end } = expression;
  const named: Name | undefined = alias === undefined ? undefined : { text: alias, quote: '"', start, end };
  return { kind: "item", expression, alias: named, start, end };
}

/** All conditions as one, a balanced tree; undefined for none. */
export function allOf(conditions: readonly Expression[]): Expression | undefined {
  if (conditions.length < 2) return conditions[0];
  const half = conditions.length >> 1;
  const [left, right] = [allOf(conditions.slice(0, half))!, allOf(conditions.slice(half))!];
  return binary("AND", left, right, { start: left.start, end: right.end });
}

/** `SELECT … FROM table`. */
export function selectFrom(
  table: string,
  items: readonly Item[],
  rest: Partial<Pick<Query, "orderBy" | "limit">> & { readonly where?: Expression },
  span: Span,
): Query {
  const { start, end } = span;
  const from: FromTable = { kind: "table", schema: undefined, name: name(table, span), alias: undefined, start, end };
  const select: Select = {
    kind: "select",
    distinct: false,
    items,
    from,
    where: rest.where,
    groupBy: [],
    having: undefined,
    windows: [],
    start,
    end,
  };
  return {
    kind: "query",
    with: undefined,
    first: select,
    rest: [],
    orderBy: rest.orderBy ?? [],
    limit: rest.limit,
    offset: undefined,
    start,
    end,
  };
}
