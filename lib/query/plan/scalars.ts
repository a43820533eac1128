import type { Value } from "../values/value.ts";
import type { Scalar } from "./plan.ts";

export const NULL: Scalar = { kind: "constant", value: null };

/** A constant. */
export function constant(value: Value): Scalar {
  return { kind: "constant", value };
}

/** A column of the input. */
export function input(index: number): Scalar {
  return { kind: "input", index };
}

/** The columns from 0 to below a number. */
export function inputs(count: number, from = 0): Scalar[] {
  return Array.from({ length: count }, (_, at) => input(from + at));
}

/** All of them must be true; undefined: nothing must. */
export function allOf(items: readonly Scalar[]): Scalar | undefined {
  return items.length <= 1 ? items[0] : { kind: "and", items };
}

/** The conditions that must all be true for a condition to be true. */
export function conjunctsOf(scalar: Scalar | undefined): Scalar[] {
  if (scalar === undefined) return [];
  return scalar.kind === "and" ? scalar.items.flatMap(conjunctsOf) : [scalar];
}

/** A scalar with its direct parts replaced. Plans within it stay: they do not depend on the row. */
export function mapParts(scalar: Scalar, f: (part: Scalar) => Scalar): Scalar {
  switch (scalar.kind) {
    case "constant":
    case "input":
    case "subquery":
    case "exists":
      return scalar;
    case "arithmetic":
    case "compare":
      return { ...scalar, left: f(scalar.left), right: f(scalar.right) };
    case "and":
    case "or":
      return { ...scalar, items: scalar.items.map(f) };
    case "not":
    case "negate":
    case "bitNot":
    case "affinity":
    case "cast":
    case "in":
      return { ...scalar, operand: f(scalar.operand) };
    case "case":
      return {
        ...scalar,
        branches: scalar.branches.map(({ when, then }) => ({ when: f(when), then: f(then) })),
        otherwise: f(scalar.otherwise),
      };
    case "like": {
      const escape = scalar.escape && f(scalar.escape);
      return { ...scalar, text: f(scalar.text), pattern: f(scalar.pattern), escape };
    }
    case "call":
      return { ...scalar, args: scalar.args.map(f) };
  }
}

/** Calls a function for a scalar and every part of it. */
export function visit(scalar: Scalar, f: (part: Scalar) => void): void {
  f(scalar);
  mapParts(scalar, (part) => {
    visit(part, f);
    return part;
  });
}

/** A scalar whose columns are replaced. */
export function replaceInputs(scalar: Scalar, f: (index: number) => Scalar): Scalar {
  return scalar.kind === "input" ? f(scalar.index) : mapParts(scalar, (part) => replaceInputs(part, f));
}

/** A scalar over columns that have moved. */
export function moveInputs(scalar: Scalar, f: (index: number) => number): Scalar {
  return replaceInputs(scalar, (index) => input(f(index)));
}

/** The columns that a scalar looks at. */
export function inputsOf(...scalars: readonly (Scalar | undefined)[]): Set<number> {
  const found = new Set<number>();
  for (const scalar of scalars) {
    if (scalar !== undefined) visit(scalar, (part) => part.kind === "input" && found.add(part.index));
  }
  return found;
}

/** A text that two scalars share only if they are the same. */
export function scalarKey(scalar: Scalar): string {
  return JSON.stringify(scalar, (_, value: unknown) => {
    if (typeof value === "bigint") return { bigint: String(value) };
    if (typeof value === "number" && (!Number.isSafeInteger(value) || Object.is(value, -0))) {
      return { number: Object.is(value, -0) ? "-0" : String(value) };
    }
    return value instanceof Uint8Array ? { hex: value.toHex() } : value;
  });
}

/** Whether computing it twice costs next to nothing. */
export function isTrivial(scalar: Scalar): boolean {
  return scalar.kind === "input" || scalar.kind === "constant";
}
