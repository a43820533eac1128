/** Where a piece stands in the query: characters from its start. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** An expression of SQL, as far as the vectorised executor takes it apart. */
export type Expression =
  | Span & { readonly kind: "column"; readonly table: string | undefined; readonly name: string }
  | Span & { readonly kind: "number"; readonly value: number; readonly isInteger: boolean }
  | Span & { readonly kind: "text"; readonly value: string }
  | Span & { readonly kind: "null" }
  | Span & { readonly kind: "parameter"; readonly name: string }
  | Span & { readonly kind: "unary"; readonly op: string; readonly operand: Expression }
  | Span & { readonly kind: "binary"; readonly op: string; readonly left: Expression; readonly right: Expression }
  | Span & { readonly kind: "isNull"; readonly operand: Expression; readonly not: boolean }
  | Span & {
    readonly kind: "in";
    readonly operand: Expression;
    readonly items: readonly Expression[];
    readonly not: boolean;
  }
  | Span & {
    readonly kind: "between";
    readonly operand: Expression;
    readonly low: Expression;
    readonly high: Expression;
    readonly not: boolean;
  }
  | Span & {
    readonly kind: "like";
    readonly op: string;
    readonly left: Expression;
    readonly right: Expression;
    readonly not: boolean;
  }
  | Span & { readonly kind: "cast"; readonly operand: Expression; readonly type: string }
  | Span & { readonly kind: "case"; readonly parts: readonly Expression[] }
  | Span & {
    readonly kind: "call";
    readonly name: string;
    readonly args: readonly Expression[];
    readonly star: boolean;
    readonly distinct: boolean;
  };

/** `*` or `t.*`. */
export interface Star {
  readonly star: true;
  /** The name of the table; undefined: all of them. */
  readonly table: string | undefined;
}

/** One column of the answer. */
export interface SelectItem extends Span {
  readonly expression: Expression;
  readonly alias: string | undefined;
}

/** A table of FROM and how it is joined to those before it. */
export interface FromItem {
  readonly table: string;
  /** What it is called in the query. */
  readonly alias: string;
  readonly join: "first" | "inner" | "left";
  readonly using: readonly string[] | undefined;
  readonly on: Expression | undefined;
}

/** One SELECT over tables. */
export interface Select {
  readonly distinct: boolean;
  readonly items: readonly (SelectItem | Star)[];
  readonly from: readonly FromItem[];
  readonly where: Expression | undefined;
  readonly groupBy: readonly Expression[];
  readonly having: Expression | undefined;
  readonly orderBy: readonly {
    readonly expression: Expression;
    readonly descending: boolean;
    readonly nullsLast: boolean | undefined;
  }[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
  /** Where GROUP BY, HAVING, ORDER BY and what follows stand; each is the end of the query where it is missing. */
  readonly spans: { readonly from: number; readonly tail: number };
}

/** The parts of an expression that are expressions. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "unary":
    case "isNull":
    case "cast":
      return [expression.operand];
    case "binary":
    case "like":
      return [expression.left, expression.right];
    case "in":
      return [expression.operand, ...expression.items];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "case":
      return expression.parts;
    case "call":
      return expression.args;
    default:
      return [];
  }
}
