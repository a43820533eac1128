import type { BoundQuery } from "../../bind/bound.ts";
import type { Value } from "../../values/value.ts";
import type { Expression } from "../../sql/tree.ts";
import { type Node, walk } from "../../sql/walk.ts";

/** Functions that neither fail nor make a text with U+0000 of one without. */
export const SAFE_CALLS: ReadonlySet<string> = new Set([
  ...["avg", "coalesce", "count", "dense_rank", "first_value", "ifnull", "iif", "instr", "lag", "last_value", "lead"],
  ...[
    "length",
    "lower",
    "ltrim",
    "max",
    "min",
    "nullif",
    "rank",
    "round",
    "row_number",
    "rtrim",
    "substr",
    "substring",
  ],
  ...["total", "trim", "typeof", "upper"],
]);

/** Whether a query may fail when it has given rows already, or may give a text with a character U+0000. */
export function mayFail({ tree }: BoundQuery, parameters: Readonly<Record<string, Value>>): boolean {
  if (Object.values(parameters).some(holdsNul)) return true;
  let found = false;
  const look = (node: Node): boolean => {
    found ||= isRisky(node);
    return !found;
  };
  walk(tree, look);
  return found;
}

function isRisky(node: Node): boolean {
  switch (node.kind) {
    case "literal":
      return holdsNul(node.value);
    case "call":
      return !SAFE_CALLS.has(node.name.text.toLowerCase()) || (node.over?.frame ?? undefined) !== undefined;
    case "binary":
      return node.op === "->" || node.op === "->>";
    case "cast":
      return true;
    case "like":
      return node.escape !== undefined || node.right.kind !== "literal";
    case "function":
      return true;
    case "select":
      return node.windows.length > 0;
    case "query":
      // Anything but a whole number fails before the first row, which the runtime's SQLite does not report either.
      return [node.limit, node.offset].some((it) => it !== undefined && !isWholeNumber(it));
  }
  return false;
}

function isWholeNumber(expression: Expression): boolean {
  return expression.kind === "literal" && typeof expression.value === "bigint";
}

function holdsNul(value: Value): boolean {
  return typeof value === "string" ? value.includes("\0") : value instanceof Uint8Array;
}
