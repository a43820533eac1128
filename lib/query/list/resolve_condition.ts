import { parseDuration, parseTime } from "../../base/durations.ts";
import { QueryError } from "../result/query_error.ts";
import { mapExpression } from "../sql/map.ts";
import type { Binary, Call, Expression, Literal, Name } from "../sql/tree.ts";
import { fullName, isFamily, kindOfColumn } from "../schema/column_aliases.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/**
 * What a condition on experiments means in SQL: short names are full ones, `tags = "x"` asks for a tag, a time compared with
 * an ISO text and a length of time compared with `"2h"` compare numbers.
 *
 * @param sql The text in which the condition stands.
 * @throws {QueryError} For a text that is neither, where a time is compared with it.
 */
export function resolveCondition(condition: Expression, sql: string): Expression {
  return mapExpression(condition, (part) => {
    switch (part.kind) {
      case "name":
        return fullName(part);
      case "binary":
        return COMPARISONS.has(part.op) ? comparison(part, sql) : part;
      case "between":
        return {
          ...part,
          low: amount(part.operand, part.low, sql),
          high: amount(part.operand, part.high, sql),
        };
      case "in": {
        const { operand, set, not } = part;
        if (set.kind !== "list") return part;
        if (!isTags(operand)) {
          return { ...part, set: { ...set, items: set.items.map((item) => amount(operand, item, sql)) } };
        }
        const tests = set.items.map((tag): Expression => hasTag(operand, tag, part));
        if (tests.length === 0) return part;
        const any = tests.reduce((left, right): Expression => ({
          ...spanOf(part),
          kind: "binary",
          op: "OR",
          left,
          right,
        }));
        return not ? { ...spanOf(part), kind: "unary", op: "NOT", operand: any } : any;
      }
      default:
        return part;
    }
  });
}

function spanOf({ start, end }: Expression): { readonly start: number; readonly end: number } {
  return { start, end };
}

function comparison(part: Binary, sql: string): Expression {
  const { op, left, right } = part;
  const [tags, tag] = isTags(left) ? [left, right] : [right, left];
  if ((op === "=" || op === "<>") && isTags(tags) && !isJson(tag)) {
    const test = hasTag(tags, tag, part);
    return op === "=" ? test : { ...spanOf(part), kind: "unary", op: "NOT", operand: test };
  }
  return { ...part, left: amount(right, left, sql), right: amount(left, right, sql) };
}

function isTags(expression: Expression): boolean {
  if (expression.kind !== "name") return false;
  const { parts } = expression;
  return parts.at(-1)!.text.toLowerCase() === "tags" && !(parts.length > 1 && isFamily(parts[0]));
}

/** Whether a text is compared with the JSON of all tags. */
function isJson(expression: Expression): boolean {
  return expression.kind === "literal" && typeof expression.value === "string" && expression.value.startsWith("[");
}

function hasTag(tags: Expression, tag: Expression, { start, end }: Expression): Call {
  const name: Name = { text: "has_tag", quote: "", start, end };
  const rest = { star: false, distinct: false, orderBy: [], filter: undefined, over: undefined };
  return { kind: "call", name, args: [tags, tag], ...rest, start, end };
}

/** What a text stands for where it is compared with a column of times or of lengths of time. */
function amount(column: Expression, text: Expression, sql: string): Expression {
  if (column.kind !== "name" || text.kind !== "literal" || typeof text.value !== "string") return text;
  const kind = kindOfColumn(column.parts);
  if (kind !== "time" && kind !== "duration") return text;
  const milliseconds = kind === "time" ? parseTime(text.value) : parseDuration(text.value);
  if (milliseconds !== undefined) return { ...text, value: numberOf(milliseconds) };
  const wanted = kind === "time"
    ? "a time such as '2026-01-31' or '2026-01-31T12:00:00Z'"
    : "a length of time such as '90s' or '2h'";
  throw new QueryError(`Cannot compare with "${text.value}": expected ${wanted}`, sql, text.start);
}

function numberOf(milliseconds: number): Literal["value"] {
  return Number.isInteger(milliseconds) ? BigInt(milliseconds) : milliseconds;
}
