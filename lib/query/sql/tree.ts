import type { Value } from "../values/value.ts";

/** Where a piece stands in the query: characters from its start, to the first and behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An identifier as it was written. */
export interface Name extends Span {
  /** What it means, without quotes. */
  readonly text: string;
  /** `"x"`, `x`, `` `x` ``, `[x]` or `'x'`; of `"x"` SQLite makes a text where nothing has that name. */
  readonly quote: "" | '"' | "`" | "[" | "'";
}

/**
 * An expression of SQLite's dialect. Parentheses leave no trace but in the span.
 *
 * It is at most `MAX_HEIGHT` levels high (see `parse/height.ts`), so that walkers may recurse. Long chains of AND and of OR
 * are balanced trees, which mean the same.
 */
export type Expression =
  | Literal
  | Parameter
  | NameExpression
  | Unary
  | Binary
  | Is
  | Between
  | In
  | Like
  | Collate
  | Cast
  | Case
  | Call
  | Exists
  | Subquery
  | Row;

export interface Literal extends Span {
  readonly kind: "literal";
  readonly value: Value;
  /** `TRUE` and `FALSE`, which are not ordinals in ORDER BY and GROUP BY; `CURRENT_TIMESTAMP` and the like. */
  readonly word?: "TRUE" | "FALSE" | "CURRENT_TIME" | "CURRENT_DATE" | "CURRENT_TIMESTAMP";
}

export interface Parameter extends Span {
  readonly kind: "parameter";
  /** Without `:`, `@`, `$` or `?`; empty for `?` alone. */
  readonly name: string;
  readonly raw: string;
}

/** `a`, `t.a`, `params.lr`, `e.params.optimizer.lr`, `data.loss.0`: what its parts mean is for the binder to say. */
export interface NameExpression extends Span {
  readonly kind: "name";
  readonly parts: readonly Name[];
}

export interface Unary extends Span {
  readonly kind: "unary";
  readonly op: "NOT" | "-" | "+" | "~";
  readonly operand: Expression;
}

export type BinaryOperator =
  | ("OR" | "AND" | "=" | "<>" | "<" | "<=" | ">" | ">=")
  | ("&" | "|" | "<<" | ">>" | "+" | "-" | "*" | "/" | "%" | "||" | "->" | "->>");

export interface Binary extends Span {
  readonly kind: "binary";
  readonly op: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `IS`, `IS NOT`, `IS [NOT] DISTINCT FROM` (as the opposite `IS`), `ISNULL`, `NOTNULL`, `NOT NULL` (with a literal NULL). */
export interface Is extends Span {
  readonly kind: "is";
  readonly not: boolean;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Between extends Span {
  readonly kind: "between";
  readonly not: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export interface In extends Span {
  readonly kind: "in";
  readonly not: boolean;
  readonly operand: Expression;
  /** A list, a query, a table, or a function in the place of a table. */
  readonly set:
    | { readonly kind: "list"; readonly items: readonly Expression[] }
    | { readonly kind: "query"; readonly query: Query }
    | { readonly kind: "table"; readonly schema?: Name; readonly name: Name }
    | { readonly kind: "function"; readonly name: Name; readonly args: readonly Expression[] };
}

export interface Like extends Span {
  readonly kind: "like";
  readonly op: "LIKE" | "GLOB" | "REGEXP" | "MATCH";
  readonly not: boolean;
  readonly left: Expression;
  readonly right: Expression;
  readonly escape: Expression | undefined;
}

export interface Collate extends Span {
  readonly kind: "collate";
  readonly operand: Expression;
  readonly collation: Name;
}

export interface Cast extends Span {
  readonly kind: "cast";
  readonly operand: Expression;
  /** As written: `VARCHAR(10)`. */
  readonly type: string;
}

export interface Case extends Span {
  readonly kind: "case";
  readonly operand: Expression | undefined;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression | undefined;
}

export interface Call extends Span {
  readonly kind: "call";
  readonly name: Name;
  readonly args: readonly Expression[];
  /** `count(*)` */
  readonly star: boolean;
  readonly distinct: boolean;
  readonly orderBy: readonly OrderTerm[];
  readonly filter: Expression | undefined;
  readonly over: Window | undefined;
}

export interface Exists extends Span {
  readonly kind: "exists";
  readonly query: Query;
}

/** A query as a value. */
export interface Subquery extends Span {
  readonly kind: "subquery";
  readonly query: Query;
}

/** `(a, b)` */
export interface Row extends Span {
  readonly kind: "row";
  readonly items: readonly Expression[];
}

export interface OrderTerm {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | undefined;
}

/** `OVER w`, or a definition. */
export interface Window extends Span {
  /** The window that it is, or that it goes on from. */
  readonly base: Name | undefined;
  /** `OVER w` without parentheses. */
  readonly isReference: boolean;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderTerm[];
  readonly frame: Frame | undefined;
}

export interface Frame extends Span {
  readonly unit: "ROWS" | "RANGE" | "GROUPS";
  readonly from: FrameBound;
  /** Undefined: the current row. */
  readonly to: FrameBound | undefined;
  readonly exclude: "NO OTHERS" | "CURRENT ROW" | "GROUP" | "TIES" | undefined;
}

export type FrameBound =
  | { readonly kind: "unbounded preceding" | "current row" | "unbounded following" }
  | { readonly kind: "preceding" | "following"; readonly offset: Expression };

/** A whole query: a compound of SELECTs, with what is common to them. */
export interface Query extends Span {
  readonly kind: "query";
  readonly with: { readonly recursive: boolean; readonly tables: readonly CommonTable[] } | undefined;
  readonly first: Core;
  readonly rest: readonly { readonly op: CompoundOperator; readonly core: Core }[];
  readonly orderBy: readonly OrderTerm[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export type CompoundOperator = "UNION" | "UNION ALL" | "INTERSECT" | "EXCEPT";

export interface CommonTable extends Span {
  readonly name: Name;
  readonly columns: readonly Name[] | undefined;
  readonly materialized: boolean | undefined;
  readonly query: Query;
}

export type Core = Select | Values;

export interface Values extends Span {
  readonly kind: "values";
  readonly rows: readonly (readonly Expression[])[];
}

export interface Select extends Span {
  readonly kind: "select";
  readonly distinct: boolean;
  readonly items: readonly (Item | Star)[];
  readonly from: From | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly windows: readonly { readonly name: Name; readonly window: Window }[];
}

/** One column of an answer. */
export interface Item extends Span {
  readonly kind: "item";
  readonly expression: Expression;
  readonly alias: Name | undefined;
}

/** `*` or `t.*` */
export interface Star extends Span {
  readonly kind: "star";
  readonly table: Name | undefined;
}

export type From = FromTable | FromFunction | FromQuery | Join;

export interface FromTable extends Span {
  readonly kind: "table";
  /** `main` in `main.points` */
  readonly schema: Name | undefined;
  readonly name: Name;
  readonly alias: Name | undefined;
}

/** `json_each(data)` */
export interface FromFunction extends Span {
  readonly kind: "function";
  readonly name: Name;
  readonly args: readonly Expression[];
  readonly alias: Name | undefined;
}

export interface FromQuery extends Span {
  readonly kind: "fromQuery";
  readonly query: Query;
  readonly alias: Name | undefined;
}

/** Comma and CROSS JOIN are `cross`. */
export interface Join extends Span {
  readonly kind: "join";
  /** SQLite keeps the order of the tables of a CROSS JOIN, and is free with a comma. */
  readonly isComma?: boolean;
  readonly join: "cross" | "inner" | "left" | "right" | "full";
  readonly natural: boolean;
  readonly left: From;
  readonly right: From;
  readonly on: Expression | undefined;
  readonly using: readonly Name[] | undefined;
}
