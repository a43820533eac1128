import { UsageError } from "../../base/errors.ts";
import type { Sample } from "../statistics/sample.ts";

/** How much worse than the baseline still passes. */
export interface Tolerance {
  readonly amount: number;
  /** Of what: the baseline's mean, its standard deviation, or 1. */
  readonly unit: "%" | "sd" | "";
}

/**
 * Reads `1%`, `2sd` or `0.01`.
 *
 * @throws {UsageError} For anything else.
 */
export function parseTolerance(text: string): Tolerance {
  const [, digits, unit] = /^\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*(%|sd|)\s*$/i.exec(text) ?? [];
  if (digits !== undefined) return { amount: Number(digits), unit: unit.toLowerCase() as Tolerance["unit"] };
  throw new UsageError(
    `Cannot use "${text}" as a tolerance: write 1% of the baseline, 2sd for two of its standard deviations, or a number`,
  );
}

/**
 * The tolerance in the unit of the values.
 *
 * @throws {UsageError} For `2sd` of a single experiment, which has no deviation.
 */
export function toleranceOf({ amount, unit }: Tolerance, baseline: Sample): number {
  if (unit === "%") return Math.abs(baseline.mean) * amount / 100;
  if (unit === "") return amount;
  if (baseline.count >= 2) return amount * baseline.sd;
  throw new UsageError(
    `Cannot use the tolerance ${amount}sd: the baseline has one experiment, and so no deviation; use a percentage`,
  );
}
