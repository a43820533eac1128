import type { Expression, OrderTerm } from "./tree.ts";

/**
 * An expression in which each part is replaced by what a function makes of it, innermost first. Queries within are left as
 * they are: their names are their own.
 */
export function mapExpression(expression: Expression, replace: (part: Expression) => Expression): Expression {
  const map = (part: Expression): Expression => mapExpression(part, replace);
  const maybe = (part: Expression | undefined) => part === undefined ? undefined : map(part);
  const terms = (list: readonly OrderTerm[]) => list.map((term) => ({ ...term, expression: map(term.expression) }));
  return replace(mapped());

  function mapped(): Expression {
    switch (expression.kind) {
      case "unary":
      case "collate":
      case "cast":
        return { ...expression, operand: map(expression.operand) };
      case "binary":
      case "is":
        return { ...expression, left: map(expression.left), right: map(expression.right) };
      case "like":
        return {
          ...expression,
          left: map(expression.left),
          right: map(expression.right),
          escape: maybe(expression.escape),
        };
      case "between":
        return {
          ...expression,
          operand: map(expression.operand),
          low: map(expression.low),
          high: map(expression.high),
        };
      case "in": {
        const { set } = expression;
        const operand = map(expression.operand);
        return { ...expression, operand, set: set.kind === "list" ? { ...set, items: set.items.map(map) } : set };
      }
      case "case":
        return {
          ...expression,
          operand: maybe(expression.operand),
          branches: expression.branches.map(({ when, then }) => ({ when: map(when), then: map(then) })),
          otherwise: maybe(expression.otherwise),
        };
      case "call":
        return {
          ...expression,
          args: expression.args.map(map),
          orderBy: terms(expression.orderBy),
          filter: maybe(expression.filter),
        };
      case "row":
        return { ...expression, items: expression.items.map(map) };
      default:
        return expression;
    }
  }
}
