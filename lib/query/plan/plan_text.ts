import type { Plan } from "./plan.ts";
import { inputsOfPlan } from "./plans.ts";
import { scalarText } from "./scalar_text.ts";

/** A plan for people: a line for each operator, indented below the one that reads it. */
export function planLines(plan: Plan, depth = 0): string[] {
  const line = "  ".repeat(depth) + lineOf(plan);
  return [line, ...inputsOfPlan(plan).flatMap((input) => planLines(input, depth + 1))];
}

function lineOf(plan: Plan): string {
  switch (plan.kind) {
    case "scan": {
      const columns = plan.columns.map(({ table, column, path }) =>
        [...table === plan.table ? [] : [table], column, ...path ?? []].join(".")
      );
      const where = plan.where.length === 0 ? "" : ` where ${plan.where.map(scalarText).join(" and ")}`;
      const top = plan.top === undefined ? "" : `, at most ${plan.top.count} by #${plan.top.column}`;
      return `scan ${plan.table} (${columns.join(", ")})${where}${top}`;
    }
    case "values":
      return `values, ${plan.rows.length} rows`;
    case "filter":
      return `filter ${scalarText(plan.condition)}`;
    case "project":
      return `project ${plan.items.map(scalarText).join(", ")}`;
    case "aggregate": {
      const shown = plan.aggregates.map(({ name, args }) => `${name}(${args.map(scalarText).join(", ") || "*"})`);
      return `aggregate ${shown.join(", ")}${
        plan.keys.length > 0 ? ` by ${plan.keys.map(scalarText).join(", ")}` : ""
      }`;
    }
    case "sort": {
      const keys = plan.keys.map(({ scalar, descending }) => scalarText(scalar) + (descending ? " desc" : ""));
      return `sort by ${keys.join(", ")}${plan.limit === undefined ? "" : `, first ${plan.limit}`}`;
    }
    case "limit":
      return `limit ${plan.count}${plan.offset > 0 ? ` from ${plan.offset}` : ""}`;
    case "join": {
      const pairs = plan.equal.map(({ left, right }) => `${scalarText(left)} = right ${scalarText(right)}`);
      const conditions = [...pairs, ...plan.on === undefined ? [] : [scalarText(plan.on)]];
      return `${plan.join} join${conditions.length > 0 ? ` on ${conditions.join(" and ")}` : ""}`;
    }
    case "window":
      return `window ${plan.functions.map(({ name }) => name).join(", ")}`;
    case "compound":
      return plan.op;
    case "shared":
      return `shared ${plan.id}`;
    case "concat":
    case "distinct":
      return plan.kind;
  }
}
