import type { Plan, Scalar } from "../../../lib/query/plan/plan.ts";
import type { Value } from "../../../lib/query/values/value.ts";

/**
 * A scalar as SQL over columns `c0`, `c1`, …; constants become parameters, so that they are exact. `planSql` says what plans
 * within it are as SQL.
 */
export function scalarSql(
  scalar: Scalar,
  bindings: Record<string, Value>,
  planSql: (plan: Plan) => string = () => "there are no plans here",
): string {
  const part = (scalar: Scalar): string => scalarSql(scalar, bindings, planSql);
  const bind = (value: Value): string => {
    const name = `p${Object.keys(bindings).length}`;
    bindings[name] = value;
    return `:${name}`;
  };
  switch (scalar.kind) {
    case "constant":
      return bind(scalar.value);
    case "input":
      return `c${scalar.index}`;
    case "arithmetic":
      return `(${part(scalar.left)} ${scalar.op} ${part(scalar.right)})`;
    case "compare": {
      // With a sign before it, an operand has no affinity: none is applied but what the scalar says.
      const isConverted = scalar.left.kind === "affinity" || scalar.right.kind === "affinity";
      const right = isConverted ? part(scalar.right) : `+${part(scalar.right)}`;
      return `(+${part(scalar.left)} ${scalar.op} ${right})`;
    }
    case "affinity":
      return part(scalar.operand);
    case "and":
    case "or":
      return `(${scalar.items.map(part).join(` ${scalar.kind} `)})`;
    case "not":
      return `(NOT ${part(scalar.operand)})`;
    case "negate":
      return `(- ${part(scalar.operand)})`;
    case "bitNot":
      return `(~ ${part(scalar.operand)})`;
    case "cast":
      return `CAST(${part(scalar.operand)} AS ${scalar.to.toUpperCase()})`;
    case "case": {
      const branches = scalar.branches.map(({ when, then }) => `WHEN ${part(when)} THEN ${part(then)}`);
      return `CASE ${branches.join(" ")} ELSE ${part(scalar.otherwise)} END`;
    }
    case "in": {
      if (scalar.set.kind === "plan") {
        return `(+${part(scalar.operand)} IN (SELECT +c0 FROM (${planSql(scalar.set.plan)})))`;
      }
      const { values } = scalar.set;
      return `(+${part(scalar.operand)} IN (${values.map(bind).join(", ")}))`;
    }
    case "like": {
      const escape = scalar.escape === undefined ? "" : ` ESCAPE ${part(scalar.escape)}`;
      return `(${part(scalar.text)} ${scalar.op} ${part(scalar.pattern)}${escape})`;
    }
    case "call":
      return `"${scalar.name}"(${scalar.args.map(part).join(", ")})`;
    case "subquery":
      return `(SELECT c0 FROM (${planSql(scalar.plan)}) LIMIT 1)`;
    case "exists":
      return `(EXISTS (SELECT 1 FROM (${planSql(scalar.plan)})))`;
  }
}
