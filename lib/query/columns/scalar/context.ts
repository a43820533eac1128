import type { Plan } from "../../plan/plan.ts";
import type { Value } from "../../values/value.ts";

/** What scalars need beside their row: the answers of the plans inside of them, which were run before. */
export interface ScalarContext {
  /** The first column of the first row; NULL without a row. */
  value(plan: Plan): Value;
  exists(plan: Plan): boolean;
  /** The first column of all rows. */
  members(plan: Plan): readonly Value[];
}
