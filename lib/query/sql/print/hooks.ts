import type {
  CommonTable,
  Expression,
  From,
  In,
  Item,
  Join,
  NameExpression,
  Parameter,
  Query,
  Select,
  Star,
  Subquery,
} from "../tree.ts";

/**
 * What to print instead of a part of a tree; undefined leaves it to the printer.
 *
 * Expressions must be such that no operator beside them takes them apart: a name, a call, or something in parentheses.
 */
export interface PrintHooks {
  readonly name?: (node: NameExpression) => string | undefined;
  readonly parameter?: (node: Parameter) => string | undefined;
  /** A query as a value, with its parentheses. */
  readonly subquery?: (node: Subquery) => string | undefined;
  /** A table with its alias, or whole joins. */
  readonly from?: (node: From, print: (node: From) => string) => string | undefined;
  /** A column of an answer with its alias, or all columns of a star. */
  readonly item?: (node: Item | Star, select: Select, print: (node: Expression) => string) => string | undefined;
  /** All columns of an answer, instead of one by one. */
  readonly items?: (select: Select) => string | undefined;
  /** The name of a common table, with its columns. */
  readonly common?: (table: CommonTable) => string | undefined;
  /** What stands behind a join, `ON …`: then it is printed without NATURAL and USING. */
  readonly condition?: (join: Join) => string | undefined;
  /** The expression of a term of ORDER BY of a query, or of GROUP BY; without direction. */
  readonly term?: (expression: Expression, print: (node: Expression) => string) => string | undefined;
  /** What stands behind IN. */
  readonly set?: (set: In["set"]) => string | undefined;
}

/** What the parts of a printer call each other by. */
export interface Printer {
  readonly hooks: PrintHooks;
  /** @param level How tightly it must bind not to need parentheses. */
  readonly expression: (node: Expression, level?: number) => string;
  readonly query: (node: Query) => string;
}
