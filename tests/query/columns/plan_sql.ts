import type { Aggregate, JoinPlan, Plan, Scalar, SortKey } from "../../../lib/query/plan/plan.ts";
import { widthOf } from "../../../lib/query/plan/plans.ts";
import { moveInputs } from "../../../lib/query/plan/scalars.ts";
import type { Value } from "../../../lib/query/values/value.ts";
import { scalarSql } from "./scalar_sql.ts";

/** A plan as SQL with columns `c0`, `c1`, …; that of a table reads the columns as they are called. */
export function planSql(plan: Plan, bindings: Record<string, Value>): string {
  const sql = (plan: Plan): string => planSql(plan, bindings);
  const scalar = (it: Scalar): string => scalarSql(it, bindings, sql);
  switch (plan.kind) {
    case "scan": {
      const columns = plan.columns.map(({ column }, at) => `${column} AS c${at}`);
      const where = plan.where.length === 0 ? "" : ` WHERE ${plan.where.map(scalar).join(" AND ")}`;
      return `SELECT ${columns.length === 0 ? "1" : named(columns.length)} FROM (SELECT ${
        columns.join(", ") || "1"
      } FROM ${plan.table})${where}`;
    }
    case "values": {
      const rows = plan.rows.map((row) => `SELECT ${row.map((value, at) => `${bound(value, bindings)} AS c${at}`)}`);
      if (rows.length > 0) return rows.join(" UNION ALL ");
      return `SELECT ${Array.from({ length: plan.width }, (_, at) => `NULL AS c${at}`)} WHERE 0`;
    }
    case "filter":
      return `SELECT ${named(widthOf(plan))} FROM (${sql(plan.input)}) WHERE ${scalar(plan.condition)}`;
    case "project":
      return `SELECT ${plan.items.map((item, at) => `${scalar(item)} AS c${at}`)} FROM (${sql(plan.input)})`;
    case "aggregate": {
      const items = [...plan.keys.map(scalar), ...plan.aggregates.map((it) => aggregateSql(it, scalar))];
      const keys = plan.keys.map((_, at) => at + 1);
      const groups = keys.length === 0 ? "" : ` GROUP BY ${keys}`;
      return `SELECT ${items.map((item, at) => `${item} AS c${at}`)} FROM (${sql(plan.input)})${groups}`;
    }
    case "distinct":
      return `SELECT DISTINCT ${named(widthOf(plan))} FROM (${sql(plan.input)})`;
    case "sort": {
      const keys = plan.keys.map((key) => keySql(key, scalar));
      const limit = plan.limit === undefined ? "" : ` LIMIT ${plan.limit}`;
      return `SELECT ${named(widthOf(plan))} FROM (${sql(plan.input)}) ORDER BY ${keys}${limit}`;
    }
    case "limit":
      return `SELECT * FROM (${sql(plan.input)}) LIMIT ${
        plan.count === Infinity ? -1 : plan.count
      } OFFSET ${plan.offset}`;
    case "concat":
      return plan.inputs.map((input) => `SELECT * FROM (${sql(input)})`).join(" UNION ALL ");
    case "compound":
      return `SELECT * FROM (${sql(plan.left)}) ${plan.op.toUpperCase()} SELECT * FROM (${sql(plan.right)})`;
    case "shared":
      return sql(plan.input);
    case "join":
      return joinSql(plan, sql, scalar);
    case "window":
      throw new Error(`no SQL for ${plan.kind}`);
  }
}

/** The right columns are called after the left ones. */
function joinSql(plan: JoinPlan, sql: (plan: Plan) => string, scalar: (it: Scalar) => string): string {
  const left = widthOf(plan.left);
  const renamed = Array.from({ length: widthOf(plan.right) }, (_, at) => `c${at} AS c${left + at}`);
  const right = `(SELECT ${renamed} FROM (${sql(plan.right)}))`;
  const moved = (it: Scalar) => scalar(moveInputs(it, (at) => left + at));
  const pairs = plan.equal.map((pair) => `+${scalar(pair.left)} = +${moved(pair.right)}`);
  const on = [...pairs, ...plan.on === undefined ? [] : [scalar(plan.on)]].join(" AND ") || "1";
  const columns = named(widthOf(plan));
  if (plan.join === "inner" || plan.join === "left") {
    const word = plan.join === "left" ? "LEFT JOIN" : "CROSS JOIN";
    return `SELECT ${columns} FROM (${sql(plan.left)}) ${word} ${right} ON ${on}`;
  }
  const not = plan.join === "anti" ? "NOT " : "";
  return `SELECT ${columns} FROM (${sql(plan.left)}) WHERE ${not}EXISTS (SELECT 1 FROM ${right} WHERE ${on})`;
}

function named(width: number): string {
  return Array.from({ length: width }, (_, at) => `c${at}`).join(", ");
}

function bound(value: Value, bindings: Record<string, Value>): string {
  return scalarSql({ kind: "constant", value }, bindings);
}

function aggregateSql({ name, args, distinct, filter }: Aggregate, scalar: (it: Scalar) => string): string {
  const parts = args.map(scalar);
  // Beside min or max, and of what is the same in the group.
  if (name === "any") return parts[0];
  const condition = filter === undefined ? "" : ` FILTER (WHERE ${scalar(filter)})`;
  return `${name}(${distinct ? "DISTINCT " : ""}${parts.join(", ") || "*"})${condition}`;
}

function keySql({ scalar, descending, nullsFirst }: SortKey, sql: (it: Scalar) => string): string {
  return `+${sql(scalar)} ${descending ? "DESC" : "ASC"} NULLS ${nullsFirst ? "FIRST" : "LAST"}`;
}
