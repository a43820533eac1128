import type { Value } from "../values/value.ts";
import type { Scalar } from "./plan.ts";

/** A scalar for people; columns of the input are `#0`, `#1`, … */
export function scalarText(scalar: Scalar): string {
  switch (scalar.kind) {
    case "constant":
      return valueText(scalar.value);
    case "input":
      return `#${scalar.index}`;
    case "arithmetic":
    case "compare":
      return `(${scalarText(scalar.left)} ${scalar.op} ${scalarText(scalar.right)})`;
    case "and":
    case "or":
      return `(${scalar.items.map(scalarText).join(` ${scalar.kind} `)})`;
    case "not":
    case "negate":
    case "bitNot":
      return `${{ not: "not ", negate: "-", bitNot: "~" }[scalar.kind]}${scalarText(scalar.operand)}`;
    case "affinity":
    case "cast":
      return `${scalar.to}(${scalarText(scalar.operand)})`;
    case "case":
      return "case";
    case "in":
      return `${scalarText(scalar.operand)} in ${
        scalar.set.kind === "plan" ? "a query" : `${scalar.set.values.length} values`
      }`;
    case "like":
      return `${scalarText(scalar.text)} ${scalar.op} ${scalarText(scalar.pattern)}`;
    case "call":
      return `${scalar.name}(${scalar.args.map(scalarText).join(", ")})`;
    case "subquery":
      return "a query";
    case "exists":
      return "exists a query";
  }
}

function valueText(value: Value): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `x'${value.toHex()}'`;
  return value === null ? "NULL" : String(value);
}
