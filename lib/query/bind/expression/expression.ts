import { didYouMean } from "../../../base/suggest.ts";
import type { Collate, Expression, In, Like, Query } from "../../sql/tree.ts";
import { bindCall } from "./call.ts";
import { columnsOfCommon, findCommon } from "../scope/common_tables.ts";
import type { BindContext } from "../scope/context.ts";
import { unknownTableInSet } from "../hints/unknown_table.ts";
import { bindName } from "./name.ts";
import type { Scope } from "../scope/scope.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** Binds an expression that is one value. Throws `QueryError` for what has no meaning. */
export function bindExpression(context: BindContext, scope: Scope, expression: Expression): void {
  const width = bindWide(context, scope, expression);
  if (width === 1) return;
  if (expression.kind === "row") context.fail("Cannot use a row of values here: expected one value", expression);
  context.fail(`Cannot use a query of ${width} columns here: expected one value, so one column`, expression);
}

/** Binds an expression that may be a row of values, and gives their number. */
function bindWide(context: BindContext, scope: Scope, expression: Expression): number {
  const bind = (part: Expression) => bindExpression(context, scope, part);
  switch (expression.kind) {
    case "literal":
    case "parameter":
      return 1;
    case "name":
      bindName(context, scope, expression);
      return 1;
    case "row":
      expression.items.forEach(bind);
      return expression.items.length;
    case "subquery":
      return bindWithin(context, scope, expression.query);
    case "exists":
      bindWithin(context, scope, expression.query);
      return 1;
    case "binary":
      if (COMPARISONS.has(expression.op)) bindAlike(context, scope, expression.left, expression.right);
      else [expression.left, expression.right].forEach(bind);
      return 1;
    case "is":
      bindAlike(context, scope, expression.left, expression.right);
      return 1;
    case "between":
      bindAlike(context, scope, expression.operand, expression.low, expression.high);
      return 1;
    case "in":
      bindSet(context, scope, expression.set, bindWide(context, scope, expression.operand));
      return 1;
    case "like":
      checkLike(context, expression);
      [expression.left, expression.right].forEach(bind);
      if (expression.escape !== undefined) bind(expression.escape);
      return 1;
    case "case":
      if (expression.operand !== undefined) {
        bindAlike(context, scope, expression.operand, ...expression.branches.map(({ when }) => when));
      } else expression.branches.forEach(({ when }) => bind(when));
      expression.branches.forEach(({ then }) => bind(then));
      if (expression.otherwise !== undefined) bind(expression.otherwise);
      return 1;
    case "call":
      bindCall(context, scope, expression, bindExpression);
      return 1;
    case "collate":
      checkCollation(context, expression);
      bind(expression.operand);
      return 1;
    case "unary":
    case "cast":
      bind(expression.operand);
      return 1;
  }
}

/** Binds a query that stands in an expression, and gives the number of its columns. */
function bindWithin(context: BindContext, scope: Scope, query: Query): number {
  context.bindQuery(query, { level: scope.level, outer: scope, commons: scope.commons });
  return context.cores.get(query.first)!.output.length;
}

/** Binds what is compared: single values, or rows of the same number of them. */
function bindAlike(context: BindContext, scope: Scope, first: Expression, ...others: readonly Expression[]): void {
  const width = bindWide(context, scope, first);
  for (const other of others) {
    const found = bindWide(context, scope, other);
    if (found === width) continue;
    context.fail(`Cannot compare ${values(width)} with ${values(found)}`, other);
  }
}

function bindSet(context: BindContext, scope: Scope, set: In["set"], width: number): void {
  const check = (found: number, at: { readonly start: number }): void => {
    if (found !== width) {
      context.fail(`Cannot look for ${values(width)} in a query of ${found} column${found === 1 ? "" : "s"}`, at);
    }
  };
  switch (set.kind) {
    case "list":
      for (const item of set.items) {
        const found = bindWide(context, scope, item);
        if (found !== width) context.fail(`Cannot compare ${values(width)} with ${values(found)}`, item);
      }
      break;
    case "query":
      check(bindWithin(context, scope, set.query), set.query);
      break;
    case "table": {
      const common = set.schema === undefined ? findCommon(scope.commons, set.name.text) : undefined;
      if (common === undefined) throw unknownTableInSet(context, scope, set.name);
      if (common.refusal !== undefined) context.fail(common.refusal, set.name);
      check(columnsOfCommon(context, common).length, set.name);
      for (const outer of context.outerReferences.get(common.table.query) ?? []) {
        context.reachOut(outer, scope.level, common.level);
      }
      break;
    }
    case "function":
      context.fail(`Cannot look into ${set.name.text}(…): write IN (SELECT value FROM ${set.name.text}(…))`, set.name);
  }
}

function values(count: number): string {
  return count === 1 ? "one value" : `a row of ${count} values`;
}

function checkLike(context: BindContext, { op, left }: Like): void {
  if (op === "LIKE" || op === "GLOB") return;
  context.fail(`Cannot use ${op}: there are LIKE '%…%' and GLOB '*…*'`, left);
}

const COLLATIONS: readonly string[] = ["BINARY", "NOCASE", "RTRIM"];

function checkCollation(context: BindContext, { collation }: Collate): void {
  if (COLLATIONS.includes(collation.text.toUpperCase())) return;
  const hint = didYouMean(collation.text, COLLATIONS) || `; there are ${COLLATIONS.join(", ")}`;
  context.fail(`Cannot find the collation "${collation.text}"${hint}`, collation);
}
