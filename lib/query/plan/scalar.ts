import type { Affinity } from "../bind/bound.ts";
import type { Value } from "../values/value.ts";
import type { Plan } from "./plan.ts";

/** An expression over the columns of an operator's input, by number. All that names, scopes and types decide is decided. */
export type Scalar =
  | { readonly kind: "constant"; readonly value: Value }
  | { readonly kind: "input"; readonly index: number }
  /** Arithmetic, bits, text: SQLite's operators with SQLite's conversions. */
  | { readonly kind: "arithmetic"; readonly op: ArithmeticOperator; readonly left: Scalar; readonly right: Scalar }
  /** The operands have had their affinities applied. Collation BINARY. */
  | { readonly kind: "compare"; readonly op: CompareOperator; readonly left: Scalar; readonly right: Scalar }
  | { readonly kind: "and" | "or"; readonly items: readonly Scalar[] }
  | { readonly kind: "not" | "negate" | "bitNot"; readonly operand: Scalar }
  /** The conversion that a comparison makes before it compares. */
  | { readonly kind: "affinity"; readonly to: Affinity; readonly operand: Scalar }
  | { readonly kind: "cast"; readonly to: "integer" | "real" | "text" | "numeric" | "blob"; readonly operand: Scalar }
  /** The first branch whose condition is true. The form with an operand is written as comparisons. */
  | {
    readonly kind: "case";
    readonly branches: readonly { readonly when: Scalar; readonly then: Scalar }[];
    readonly otherwise: Scalar;
  }
  /** A member of constants. NULL as SQL has it. */
  | { readonly kind: "in"; readonly operand: Scalar; readonly set: ValueSet }
  | {
    readonly kind: "like";
    readonly op: "LIKE" | "GLOB";
    readonly text: Scalar;
    readonly pattern: Scalar;
    readonly escape: Scalar | undefined;
  }
  /** A deterministic function of SQLite or of dbx, in small letters. */
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Scalar[] }
  /** The first column of the first row of a plan that does not depend on the row; NULL without a row. */
  | { readonly kind: "subquery"; readonly plan: Plan }
  /** Whether a plan that does not depend on the row has a row. */
  | { readonly kind: "exists"; readonly plan: Plan };

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "||" | "&" | "|" | "<<" | ">>" | "->" | "->>";
export type CompareOperator = "=" | "<>" | "<" | "<=" | ">" | ">=" | "is" | "is not";

/** The members of an IN: constants, or the first column of a plan that does not depend on the row. */
export type ValueSet =
  | { readonly kind: "values"; readonly values: readonly Value[] }
  /** `affinity` is applied to each member. */
  | { readonly kind: "plan"; readonly plan: Plan; readonly affinity: Affinity };
