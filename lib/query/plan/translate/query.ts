import type { Core, Expression, OrderTerm, Query } from "../../sql/tree.ts";
import type { PlanContext } from "./context.ts";
import type { Plan } from "../plan.ts";
import { input } from "../scalars.ts";
import { Scope } from "./scope.ts";
import { sortKeyOf } from "./sort_key.ts";
import { planOfSelect } from "./select.ts";
import { scalarOf, wholeNumberOf } from "./expression.ts";

/** A query without outer references as a plan. Output: the columns of the query. */
export function planOfQuery(context: PlanContext, query: Query): Plan {
  const plan = query.rest.length === 0 ? planOfCore(context, query.first, query.orderBy) : compound(context, query);
  const { limit, offset } = query;
  if (limit === undefined) return plan;
  const count = wholeNumberOf(context, limit);
  const skip = offset === undefined ? 0 : wholeNumberOf(context, offset);
  if (count === undefined || skip === undefined) {
    context.refuse("LIMIT or OFFSET that is not a whole number", limit);
    return plan;
  }
  return { kind: "limit", input: plan, offset: Math.max(0, skip), count: count < 0 ? Infinity : count };
}

function planOfCore(context: PlanContext, core: Core, orderBy: readonly OrderTerm[]): Plan {
  if (core.kind === "select") return planOfSelect(context, core, orderBy);
  return sorted(context, valuesOf(context, core.rows), orderBy);
}

function valuesOf(context: PlanContext, rows: readonly (readonly Expression[])[]): Plan {
  const one: Plan = { kind: "values", width: 0, rows: [[]] };
  const items = rows.map((row) => row.map((expression) => scalarOf(context, expression, new Scope(one))));
  const constants = items.map((row) => row.flatMap((it) => it.kind === "constant" ? [it.value] : []));
  if (constants.every((row, at) => row.length === items[at].length)) {
    return { kind: "values", width: rows[0].length, rows: constants };
  }
  const inputs = items.map((items): Plan => ({ kind: "project", input: one, items }));
  return inputs.length === 1 ? inputs[0] : { kind: "concat", inputs };
}

function compound(context: PlanContext, { first, rest, orderBy }: Query): Plan {
  let plan = planOfCore(context, first, []);
  for (const { op, core } of rest) {
    const right = planOfCore(context, core, []);
    if (op === "UNION ALL") {
      const inputs = plan.kind === "concat" ? [...plan.inputs, right] : [plan, right];
      plan = { kind: "concat", inputs };
    } else {
      const kind = op === "UNION" ? "union" : op === "INTERSECT" ? "intersect" : "except";
      plan = { kind: "compound", op: kind, left: plan, right };
    }
  }
  return sorted(context, plan, orderBy);
}

/** Rows in an order of their own columns alone. */
function sorted(context: PlanContext, plan: Plan, orderBy: readonly OrderTerm[]): Plan {
  if (orderBy.length === 0) return plan;
  const keys = orderBy.map((term) => {
    const meaning = context.bound.terms.get(term.expression);
    if (meaning?.kind === "output") return sortKeyOf(term, input(meaning.index));
    return sortKeyOf(term, context.refuse("ORDER BY something else than a column of the compound", term.expression));
  });
  return { kind: "sort", input: plan, keys, limit: undefined };
}
