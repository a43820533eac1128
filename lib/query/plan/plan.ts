import type { Affinity } from "../bind/bound.ts";
import type { Value } from "../values/value.ts";

/** What the column executor runs: a tree of operators. Each says how its output columns follow from its input. */
export type Plan =
  | ScanPlan
  | ValuesPlan
  | FilterPlan
  | ProjectPlan
  | AggregatePlan
  | DistinctPlan
  | SortPlan
  | LimitPlan
  | JoinPlan
  | WindowPlan
  | ConcatPlan
  | CompoundPlan
  | SharedPlan;

/** A column that a scan reads. Tables of long rows also give the columns of the experiment and run that a row is of. */
export interface ScanColumn {
  readonly table: string;
  readonly column: string;
  /** Within a column of JSON. */
  readonly path?: readonly string[];
}

/** Rows of a table. Output: the columns. */
export interface ScanPlan {
  readonly kind: "scan";
  readonly table: string;
  readonly columns: readonly ScanColumn[];
  /** Conditions over the columns; only rows for which all are true are given. */
  readonly where: readonly Scalar[];
  /**
   * Only these first rows of an order will be looked at: rows that are certainly behind them may be left out. The rows need
   * not come in that order.
   */
  readonly top?: {
    readonly column: number;
    readonly descending: boolean;
    readonly nullsFirst: boolean;
    readonly count: number;
  };
}

/** Rows that are there: `VALUES`, or the one row without columns of a SELECT without FROM. */
export interface ValuesPlan {
  readonly kind: "values";
  readonly width: number;
  readonly rows: readonly (readonly Value[])[];
}

/** Output: the input's columns. */
export interface FilterPlan {
  readonly kind: "filter";
  readonly input: Plan;
  readonly condition: Scalar;
}

/** Output: the items. */
export interface ProjectPlan {
  readonly kind: "project";
  readonly input: Plan;
  readonly items: readonly Scalar[];
}

/** Output: the keys, then the aggregates. Without keys: one row, also for no input. */
export interface AggregatePlan {
  readonly kind: "aggregate";
  readonly input: Plan;
  readonly keys: readonly Scalar[];
  readonly aggregates: readonly Aggregate[];
}

/** `any` is a column beside aggregates that is the same in the whole group (or of which any row will do). */
export interface Aggregate {
  readonly name: AggregateName;
  /** None: `count(*)`. Percentiles have the fraction as the second, `group_concat` the separator. */
  readonly args: readonly Scalar[];
  readonly distinct: boolean;
  /** FILTER (WHERE …) */
  readonly filter: Scalar | undefined;
  /** For `any` beside one min or max: the aggregate whose row it is taken from, by its number. */
  readonly rowOf?: number;
}

export type AggregateName =
  | (
    | "count"
    | "sum"
    | "total"
    | "avg"
    | "min"
    | "max"
    | "median"
    | "percentile"
    | "percentile_cont"
    | "percentile_disc"
  )
  | ("stddev" | "stddev_pop" | "variance" | "variance_pop" | "group_concat" | "any");

/** Output: the input's columns; of equal rows one. */
export interface DistinctPlan {
  readonly kind: "distinct";
  readonly input: Plan;
}

/** Output: the input's columns. */
export interface SortPlan {
  readonly kind: "sort";
  readonly input: Plan;
  readonly keys: readonly SortKey[];
  /** Only so many rows will be looked at. */
  readonly limit: number | undefined;
}

export interface SortKey {
  readonly scalar: Scalar;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Output: the input's columns. */
export interface LimitPlan {
  readonly kind: "limit";
  readonly input: Plan;
  readonly offset: number;
  /** Infinity: all. */
  readonly count: number;
}

/** Output: the left columns, then the right ones (of `semi` and `anti` the left ones only). */
export interface JoinPlan {
  readonly kind: "join";
  readonly join: "inner" | "left" | "semi" | "anti";
  readonly left: Plan;
  readonly right: Plan;
  /** Pairs that must be equal, `left` over the left columns, `right` over the right ones, with affinities applied. */
  readonly equal: readonly { readonly left: Scalar; readonly right: Scalar }[];
  /** What else must be true, over left and right columns. */
  readonly on: Scalar | undefined;
}

/** Output: the input's columns, then the functions. */
export interface WindowPlan {
  readonly kind: "window";
  readonly input: Plan;
  readonly partition: readonly Scalar[];
  readonly order: readonly SortKey[];
  readonly functions: readonly WindowFunction[];
}

export interface WindowFunction {
  readonly name:
    | ("row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" | "ntile")
    | ("lag" | "lead" | "first_value" | "last_value" | "nth_value" | AggregateName);
  readonly args: readonly Scalar[];
  readonly filter: Scalar | undefined;
  readonly frame: WindowFrame;
}

/** Rows before and after are negative and positive offsets; infinite ones are unbounded. */
export interface WindowFrame {
  readonly unit: "rows" | "range" | "groups";
  readonly from: number;
  readonly to: number;
  readonly exclude: "no others" | "current row" | "group" | "ties";
}

/** All rows of the inputs, one after the other. Output: columns as in each. */
export interface ConcatPlan {
  readonly kind: "concat";
  readonly inputs: readonly Plan[];
}

/** `UNION`, `INTERSECT`, `EXCEPT`: distinct rows. */
export interface CompoundPlan {
  readonly kind: "compound";
  readonly op: "union" | "intersect" | "except";
  readonly left: Plan;
  readonly right: Plan;
}

/** A plan that stands at several places and is run once. */
export interface SharedPlan {
  readonly kind: "shared";
  readonly id: number;
  readonly input: Plan;
}

/** Why SQLite has to run a query, or a part of one. */
export interface Unsupported {
  readonly kind: "unsupported";
  readonly reason: string;
  /** Where in the query. */
  readonly start: number;
}

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
