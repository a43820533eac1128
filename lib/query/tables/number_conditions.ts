import type { Scalar, ScanColumn } from "../plan/plan.ts";
import type { Value } from "../values/value.ts";

type Operator = "=" | "<" | "<=" | ">" | ">=";

/** A condition that a number of a column must meet. */
export interface NumberCondition {
  readonly column: string;
  /** Within a column of JSON. */
  readonly path?: readonly string[];
  readonly op: Operator;
  /** Compared exactly with numbers, also where it is a bigint. */
  readonly value: number | bigint;
}

/** The conditions on numbers of the table's own columns among some; others cannot be used to leave rows out unread. */
export function numberConditions(
  conditions: readonly Scalar[],
  columns: readonly ScanColumn[],
  table: string,
): NumberCondition[] {
  const found: NumberCondition[] = [];
  for (const condition of conditions) {
    if (condition.kind === "in" && condition.set.kind === "values") addSet(condition.operand, condition.set.values);
    if (condition.kind !== "compare") continue;
    const { op, left, right } = condition;
    if (right.kind === "constant") add(left, op === "is" ? "=" : op, right.value);
    else if (left.kind === "constant") add(right, MIRRORED[op], left.value);
  }
  return found;

  function add(scalar: Scalar, op: string | undefined, value: Value): void {
    if (typeof value !== "number" && typeof value !== "bigint") return;
    if (op === undefined || !["=", "<", "<=", ">", ">="].includes(op)) return;
    const column = scalar.kind === "input" ? columns[scalar.index] : undefined;
    if (column?.table === table) found.push({ ...column, op: op as Operator, value });
  }

  function addSet(operand: Scalar, values: readonly Value[]): void {
    const numbers = values.filter((value) => typeof value === "number" || typeof value === "bigint");
    // A text among them may be equal to no number of the column, and NULL to nothing.
    if (numbers.length === 0) return;
    let [least, greatest] = [numbers[0], numbers[0]];
    for (const number of numbers) {
      if (number < least) least = number;
      if (number > greatest) greatest = number;
    }
    add(operand, ">=", least);
    add(operand, "<=", greatest);
  }
}

const MIRRORED: Readonly<Record<string, string>> = { "=": "=", is: "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

/** Whether no number from one to another meets a condition. NaN for both: there is no number. */
export function excludes({ op, value }: NumberCondition, from: number, to: number): boolean {
  switch (op) {
    case "=":
      return !(from <= value && to >= value);
    case "<":
      return !(from < value);
    case "<=":
      return !(from <= value);
    case ">":
      return !(to > value);
    case ">=":
      return !(to >= value);
  }
}

/** The rows of ascending numbers that can meet some conditions, which are all on them. */
export function rowsWithin(
  numbers: Float64Array,
  conditions: readonly NumberCondition[],
): { readonly from: number; readonly to: number } {
  let [from, to] = [0, numbers.length];
  for (const { op, value } of conditions) {
    if (op === ">" || op === "=" || op === ">=") from = Math.max(from, firstRow(numbers, value, op === ">"));
    if (op === "<" || op === "=" || op === "<=") to = Math.min(to, firstRow(numbers, value, op !== "<"));
  }
  return { from, to: Math.max(from, to) };
}

/** The first row whose number is not less than a value (`isAfter`: that is greater). */
function firstRow(numbers: Float64Array, value: number | bigint, isAfter: boolean): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter ? numbers[middle] > value : numbers[middle] >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}
