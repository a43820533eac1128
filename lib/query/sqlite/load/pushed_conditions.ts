import type { BoundColumn, BoundQuery, Instance, Reference } from "../../bind/bound.ts";
import { PlanContext } from "../../plan/translate/context.ts";
import { columnKey } from "../../bind/expression_key.ts";
import type { Scalar } from "../../plan/plan.ts";
import { conjunctsOf, input, NULL, visit } from "../../plan/scalars.ts";
import { Scope } from "../../plan/translate/scope.ts";
import { scalarOf } from "../../plan/translate/expression.ts";
import type { Value } from "../../values/value.ts";
import type { Expression, From, NameExpression } from "../../sql/tree.ts";
import { type Node, walk } from "../../sql/walk.ts";
import { rejectsNull } from "./rejects_null.ts";

/**
 * The conditions of a query that rows of an instance must meet to matter, over its columns.
 *
 * A conjunct of the WHERE of its SELECT, or of the ON of an inner join around it, which looks at this instance only: a row that
 * does not meet it is in no row of the FROM that is kept. Where an outer join would put a row of NULLs into its place, that row
 * must not meet it either. A conjunct of the ON of an outer join, if the instance is on the side that may be missing.
 */
export function pushedConditions(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
  instance: Instance,
  columns: readonly BoundColumn[],
): readonly Scalar[] {
  const { select, mayBeMissing } = instance;
  const found: Scalar[] = [];
  const take = (condition: Expression | undefined, mustRejectNull: boolean): void => {
    for (const conjunct of conjuncts(condition)) {
      const scalar = overInstance(bound, parameters, { instance, columns }, conjunct);
      if (scalar === undefined || mustRejectNull && !rejectsNull(scalar)) continue;
      found.push(...conjunctsOf(scalar));
    }
  };
  take(select.where, mayBeMissing);
  const ofJoins = (from: From | undefined): boolean => {
    if (from === undefined) return false;
    if (from.kind !== "join") return from === instance.from;
    const isLeft = ofJoins(from.left);
    if (!isLeft && !ofJoins(from.right)) return false;
    const side = isLeft ? from.left : from.right;
    if (from.join === "inner" || from.join === "cross") take(from.on, mayBeMissing);
    else if (from.join === (isLeft ? "right" : "left")) take(from.on, side.kind === "join");
    return true;
  };
  ofJoins(select.from);
  return found;
}

function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  if (expression.kind !== "binary" || expression.op !== "AND") return [expression];
  return [...conjuncts(expression.left), ...conjuncts(expression.right)];
}

/** A condition over the columns of an instance; undefined where it looks at anything else, or could fail. */
function overInstance(
  bound: BoundQuery,
  parameters: Readonly<Record<string, Value>>,
  { instance, columns }: { readonly instance: Instance; readonly columns: readonly BoundColumn[] },
  condition: Expression,
): Scalar | undefined {
  const references = new Map<NameExpression, Reference>();
  let isOwn = true;
  const look = (node: Node): boolean => {
    if (node.kind === "name") {
      const own = ownReference(bound.references.get(node), instance);
      if (own === undefined) isOwn = false;
      else references.set(node, own);
    } else if (node.kind === "query" || node.kind === "call") isOwn = false;
    return isOwn;
  };
  walk(condition, look);
  if (!isOwn || references.size === 0) return undefined;
  const refused = () => {
    throw new Error("a query in a condition of one table");
  };
  const facts = { uniqueExperiments: false, uniqueRuns: false };
  const context = new PlanContext({ ...bound, references }, parameters, facts, refused, refused);
  const scope = new Scope({ kind: "values", width: columns.length, rows: [] });
  columns.forEach((column, at) => scope.columns.set(columnKey(instance, column), input(at)));
  const scalar = scalarOf(context, condition, scope);
  return context.refusals.length === 0 && isSafe(scalar) ? scalar : undefined;
}

/** What a name is of an instance. Columns that a join makes one are equal wherever the row is kept. */
function ownReference(reference: Reference | undefined, instance: Instance): Reference | undefined {
  if (reference?.kind === "column") return reference.instance === instance ? reference : undefined;
  if (reference?.kind !== "merged" || reference.isCoalesced) return undefined;
  const own = reference.columns.find((one) => one.instance === instance);
  const [{ column }] = reference.columns;
  if (own === undefined || own.column.affinity !== column.affinity || own.column.collation !== column.collation) {
    return undefined;
  }
  return { kind: "column", ...own, isOuter: false };
}

/** Whether it cannot fail, whatever the values are, and is quick. */
function isSafe(scalar: Scalar): boolean {
  let isSafe = true;
  visit(scalar, (part) => {
    isSafe &&= ["constant", "input", "compare", "and", "or", "not", "affinity"].includes(part.kind) ||
      part.kind === "in" && part.set.kind === "values" || part.kind === "like" && isPlainPattern(part);
  });
  return isSafe;
}

function isPlainPattern({ pattern, escape = NULL }: Scalar & { readonly kind: "like" }): boolean {
  if (pattern.kind !== "constant" || typeof pattern.value !== "string" || pattern.value.length > 1000) return false;
  return escape === NULL || escape.kind === "constant" && typeof escape.value === "string" && escape.value.length === 1;
}
