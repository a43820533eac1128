import type { BoundColumn, Instance, Reference } from "../../bind/bound.ts";
import { firstColumn, isColumnOutput } from "../../bind/types.ts";
import type { Binary, Call, Expression, In, Query, Row } from "../../sql/tree.ts";
import { childrenOf } from "../../sql/children.ts";
import { applyComparisonAffinity, comparisonAffinity, type Operand, operandOf } from "./comparison.ts";
import { applyToConstant } from "./constants.ts";
import type { PlanContext } from "./context.ts";
import { unsupportedFunction } from "./unsupported_functions.ts";
import type { CompareOperator, Plan, Scalar } from "../plan.ts";
import { constant, isTrivial, NULL } from "../scalars.ts";
import { Scope } from "./scope.ts";

const COMPARISONS: readonly string[] = ["=", "<>", "<", "<=", ">", ">="];

/** What an expression is over the rows of a scope, whose plan may grow by what subqueries add. */
export function scalarOf(context: PlanContext, expression: Expression, scope: Scope): Scalar {
  const there = scope.expression(context.bound, expression);
  if (there !== undefined) return there;
  const part = (expression: Expression) => scalarOf(context, expression, scope);
  switch (expression.kind) {
    case "literal":
      if (expression.word?.startsWith("CURRENT")) return context.refuse(`${expression.word}`, expression);
      return constant(expression.value);
    case "parameter":
      return constant(context.parameters[expression.name] ?? null);
    case "name": {
      const reference = context.bound.references.get(expression);
      if (reference === undefined) return context.refuse("a name without a meaning", expression);
      return scalarOfReference(context, reference, scope, expression);
    }
    case "unary": {
      const operand = part(expression.operand);
      if (expression.op === "+") return operand;
      if (expression.op === "-" && operand.kind === "constant") {
        if (typeof operand.value === "number") return constant(-operand.value);
        if (typeof operand.value === "bigint" && operand.value > -(2n ** 63n)) return constant(-operand.value);
      }
      return { kind: expression.op === "NOT" ? "not" : expression.op === "-" ? "negate" : "bitNot", operand };
    }
    case "binary":
      return binary(context, expression, scope);
    case "is":
      return is(context, expression, scope);
    case "between": {
      const low = compare(context, ">=", expression.operand, expression.low, scope);
      const high = compare(context, "<=", expression.operand, expression.high, scope);
      const both: Scalar = { kind: "and", items: [low, high] };
      return expression.not ? { kind: "not", operand: both } : both;
    }
    case "in": {
      const found = member(context, expression, scope);
      return expression.not ? { kind: "not", operand: found } : found;
    }
    case "like": {
      const { op } = expression;
      if (op !== "LIKE" && op !== "GLOB") return context.refuse(op, expression);
      const escape = expression.escape && part(expression.escape);
      const like: Scalar = { kind: "like", op, text: part(expression.left), pattern: part(expression.right), escape };
      return expression.not ? { kind: "not", operand: like } : like;
    }
    case "collate": {
      const name = expression.collation.text.toUpperCase();
      return name === "BINARY" ? part(expression.operand) : context.refuse(`COLLATE ${name}`, expression);
    }
    case "cast":
      return { kind: "cast", to: typeOfCast(expression.type), operand: part(expression.operand) };
    case "case": {
      const { operand, branches, otherwise } = expression;
      return {
        kind: "case",
        branches: branches.map(({ when, then }) => ({
          when: operand === undefined ? part(when) : compare(context, "=", operand, when, scope),
          then: part(then),
        })),
        otherwise: otherwise === undefined ? NULL : part(otherwise),
      };
    }
    case "call":
      return call(context, expression, part);
    case "exists":
      return isCorrelated(context, expression.query)
        ? context.attach(scope, expression.query, "exists")
        : { kind: "exists", plan: context.planOfQuery(expression.query) };
    case "subquery":
      if (isCorrelated(context, expression.query)) return context.attach(scope, expression.query, "value");
      return { kind: "subquery", plan: first(context.planOfQuery(expression.query)) };
    case "row":
      return context.refuse("a row value", expression);
  }
}

function first(input: Plan): Plan {
  return { kind: "limit", input, offset: 0, count: 1 };
}

/** Whether a query cannot be run once for all rows. */
export function isCorrelated({ bound }: PlanContext, query: Query): boolean {
  return (bound.outerReferences.get(query)?.length ?? 0) > 0;
}

/** What a name, or a column that a `*` shows, is. */
export function scalarOfReference(
  context: PlanContext,
  reference: Reference,
  scope: Scope,
  at: { readonly start: number },
): Scalar {
  const column = (instance: Instance, column: BoundColumn) =>
    scope.column(instance, column) ??
      context.refuse(`"${column.name}" of "${instance.name}", which cannot be had here`, at);
  switch (reference.kind) {
    case "column":
      return column(reference.instance, reference.column);
    case "merged": {
      const [first] = reference.columns;
      if (!reference.isCoalesced) return column(first.instance, first.column);
      const args = reference.columns.map((it) => column(it.instance, it.column));
      return { kind: "call", name: "coalesce", args };
    }
    case "item":
      return scalarOf(context, reference.item.expression, scope);
    case "text":
      return constant(reference.value);
  }
}

function binary(context: PlanContext, expression: Binary, scope: Scope): Scalar {
  const { op, left, right } = expression;
  if (op === "AND" || op === "OR") {
    const kind = op === "AND" ? "and" : "or";
    const items = [left, right].map((it) => scalarOf(context, it, scope));
    return { kind, items: items.flatMap((item) => item.kind === kind ? item.items : [item]) };
  }
  if (isComparison(op)) return compare(context, op, left, right, scope);
  return {
    kind: "arithmetic",
    op: op as Extract<Scalar, { kind: "arithmetic" }>["op"],
    left: scalarOf(context, left, scope),
    right: scalarOf(context, right, scope),
  };
}

function isComparison(op: string): op is CompareOperator {
  return COMPARISONS.includes(op);
}

/** A comparison, of rows too. */
export function compare(
  context: PlanContext,
  op: CompareOperator,
  left: Expression,
  right: Expression,
  scope: Scope,
): Scalar {
  if (left.kind === "row" || right.kind === "row") return compareRows(context, op, left, right, scope);
  checkCollation(context, left, right);
  const operand = (expression: Expression) => operandOf(context, expression, scalarOf(context, expression, scope));
  const [a, b] = applyComparisonAffinity(operand(left), operand(right));
  return { kind: "compare", op, left: a, right: b };
}

/** Notes where texts are compared by another collation than BINARY. */
export function checkCollation(context: PlanContext, ...expressions: readonly Expression[]): void {
  for (const expression of expressions) {
    const collation = context.bound.collations(expression);
    if (collation === undefined || collation === "BINARY") continue;
    context.refuse(`collation ${collation}`, expression);
  }
}

function compareRows(
  context: PlanContext,
  op: CompareOperator,
  left: Expression,
  right: Expression,
  scope: Scope,
): Scalar {
  if (left.kind !== "row" || right.kind !== "row" || left.items.length !== right.items.length) {
    return context.refuse("a row value beside a query", left);
  }
  const pair = (op: CompareOperator, at: number) => compare(context, op, left.items[at], right.items[at], scope);
  const places = [...left.items.keys()];
  if (op === "=" || op === "is") return { kind: "and", items: places.map((at) => pair(op, at)) };
  if (op === "<>" || op === "is not") return { kind: "or", items: places.map((at) => pair(op, at)) };
  const strict = op === "<=" ? "<" : op === ">=" ? ">" : op;
  const from = (at: number): Scalar =>
    at === places.length - 1
      ? pair(op, at)
      : { kind: "or", items: [pair(strict, at), { kind: "and", items: [pair("=", at), from(at + 1)] }] };
  return from(0);
}

function is(context: PlanContext, expression: Expression & { kind: "is" }, scope: Scope): Scalar {
  const { not, left, right } = expression;
  if (right.kind === "literal" && (right.word === "TRUE" || right.word === "FALSE")) {
    const operand = scalarOf(context, left, scope);
    const when: Scalar = right.word === "TRUE" ? operand : { kind: "not", operand };
    const branches = [{ when, then: constant(not ? 0n : 1n) }];
    return { kind: "case", branches, otherwise: constant(not ? 1n : 0n) };
  }
  return compare(context, not ? "is not" : "is", left, right, scope);
}

function member(context: PlanContext, { operand, set, start }: In, scope: Scope): Scalar {
  if (set.kind === "table" || set.kind === "function") return context.refuse("IN with a table", { start });
  if (operand.kind === "row") return memberRow(context, operand, set, scope);
  checkCollation(context, operand);
  const own = operandOf(context, operand, scalarOf(context, operand, scope));
  if (set.kind === "list") {
    const items = set.items.map((item) => scalarOf(context, item, scope));
    // The members of a list have no affinity of their own.
    const plain = items.map((scalar): Operand => ({ scalar, affinity: "none", isBlob: false }));
    const pairs = plain.map((item) => applyComparisonAffinity(own, item));
    if (pairs.length > 0 && pairs.every(([, member]) => member.kind === "constant")) {
      const values = pairs.map(([, member]) => member.kind === "constant" ? member.value : null);
      return { kind: "in", operand: pairs[0][0], set: { kind: "values", values } };
    }
    if (pairs.length === 0) return constant(0n);
    const equal = pairs.map(([left, right]): Scalar => ({ kind: "compare", op: "=", left, right }));
    return equal.length === 1 ? equal[0] : { kind: "or", items: equal };
  }
  if (isCorrelated(context, set.query)) return context.refuse("IN with a query that depends on the row", { start });
  const plan = context.planOfQuery(set.query);
  const to = comparisonAffinity(own, operandOfQuery(context, set.query));
  const left: Scalar = to === "none" || to === own.affinity
    ? own.scalar
    : { kind: "affinity", to, operand: own.scalar };
  return { kind: "in", operand: left, set: { kind: "plan", plan, affinity: to } };
}

function memberRow(context: PlanContext, operand: Row, set: In["set"], scope: Scope): Scalar {
  if (set.kind !== "list") return context.refuse("a row value IN a query", operand);
  const equal = set.items.map((item) => compareRows(context, "=", operand, item, scope));
  return equal.length === 0 ? constant(0n) : equal.length === 1 ? equal[0] : { kind: "or", items: equal };
}

/** The first column of a query as an operand. */
function operandOfQuery({ bound }: PlanContext, query: Query): Operand {
  const output = firstColumn(bound, query)!;
  const { affinity } = output;
  const isBlob = affinity === "none" && isColumnOutput(bound, output);
  return { scalar: NULL, affinity, isBlob };
}

function call(context: PlanContext, expression: Call, part: (expression: Expression) => Scalar): Scalar {
  const name = expression.name.text.toLowerCase();
  if (context.bound.isAggregate(expression)) return context.refuse(`${name} in this place`, expression);
  if (expression.over !== undefined) return context.refuse("a window function in this place", expression);
  const refusal = unsupportedFunction(name, expression);
  if (refusal !== undefined) return context.refuse(refusal, expression);
  checkCollation(context, ...expression.args);
  const args = expression.args.map(part);
  if (name === "iif" || name === "if") {
    if (args.length === 2) args.push(NULL);
    if (args.length === 3) {
      return { kind: "case", branches: [{ when: args[0], then: args[1] }], otherwise: args[2] };
    }
  }
  if (name === "coalesce" || name === "ifnull") {
    // Computed once, and only as far as needed, where that is cheap to say.
    if (args.slice(0, -1).every(isTrivial)) {
      const branches = args.slice(0, -1).map((arg) => ({
        when: { kind: "compare", op: "is not", left: arg, right: NULL } as Scalar,
        then: arg,
      }));
      return { kind: "case", branches, otherwise: args.at(-1)! };
    }
  }
  return { kind: "call", name, args };
}

/** What a type is for CAST. */
function typeOfCast(type: string): "integer" | "real" | "text" | "numeric" | "blob" {
  const upper = type.toUpperCase();
  if (upper.includes("INT")) return "integer";
  if (/CHAR|CLOB|TEXT/.test(upper)) return "text";
  if (upper.includes("BLOB") || upper.trim() === "") return "blob";
  return /REAL|FLOA|DOUB/.test(upper) ? "real" : "numeric";
}

/** The whole number that LIMIT or OFFSET is; undefined where it is not a plain one. */
export function wholeNumberOf(context: PlanContext, expression: Expression): number | undefined {
  const scalar = childrenOf(expression).length === 0 || expression.kind === "unary"
    ? scalarOf(context, expression, new Scope({ kind: "values", width: 0, rows: [[]] }))
    : NULL;
  const value = scalar.kind === "constant" && scalar.value !== null
    ? applyToConstant("numeric", scalar.value)
    : undefined;
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
