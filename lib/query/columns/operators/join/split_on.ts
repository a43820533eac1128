import { allOf, conjunctsOf, inputsOf, moveInputs, scalarKey } from "../../../plan/scalars.ts";
import type { Scalar } from "../../../plan/plan.ts";

/** What a condition over pairs is reduced to. */
export interface SplitOn {
  /** Over the left columns, and over the right ones: rows for which these are not true match nothing. */
  readonly left: Scalar | undefined;
  readonly right: Scalar | undefined;
  readonly band: Band | undefined;
  /** Over both: what is left beside the band. */
  readonly rest: Scalar | undefined;
  /** The same with the band. */
  readonly both: Scalar | undefined;
}

/** A scalar of the right that must be above one of the left, below one of the left, or both. */
export interface Band {
  readonly key: Scalar;
  readonly low: Bound | undefined;
  readonly high: Bound | undefined;
}

export interface Bound {
  readonly scalar: Scalar;
  readonly isStrict: boolean;
}

/** A comparison, written with the right side first. */
interface Comparison {
  readonly whole: Scalar;
  readonly key: Scalar;
  readonly bound: Bound;
  readonly isLow: boolean;
}

/** Splits a condition over pairs whose left side has so many columns. */
export function splitOn(on: Scalar | undefined, leftWidth: number): SplitOn {
  const sideOf = (scalar: Scalar): "left" | "right" | "both" | "none" => {
    const inputs = [...inputsOf(scalar)];
    if (inputs.length === 0) return "none";
    if (inputs.every((at) => at < leftWidth)) return "left";
    return inputs.every((at) => at >= leftWidth) ? "right" : "both";
  };
  const own = (scalar: Scalar) => moveInputs(scalar, (at) => at - leftWidth);
  const left: Scalar[] = [];
  const right: Scalar[] = [];
  const both: Scalar[] = [];
  const comparisons: Comparison[] = [];
  for (const conjunct of conjunctsOf(on)) {
    const side = sideOf(conjunct);
    if (side === "left" || side === "none") left.push(conjunct);
    else if (side === "right") right.push(own(conjunct));
    else {
      both.push(conjunct);
      const comparison = comparisonOf(conjunct, sideOf);
      if (comparison !== undefined) comparisons.push({ ...comparison, key: own(comparison.key) });
    }
  }
  const used = bandComparisons(comparisons);
  const [low, high] = [true, false].map((isLow) => used.find((it) => it.isLow === isLow)?.bound);
  return {
    left: allOf(left),
    right: allOf(right),
    band: used.length === 0 ? undefined : { key: used[0].key, low, high },
    rest: allOf(both.filter((conjunct) => !used.some(({ whole }) => whole === conjunct))),
    both: allOf(both),
  };
}

function comparisonOf(whole: Scalar, sideOf: (scalar: Scalar) => string): Comparison | undefined {
  if (whole.kind !== "compare" || !["<", "<=", ">", ">="].includes(whole.op)) return undefined;
  const isStrict = whole.op === "<" || whole.op === ">";
  const isGreater = whole.op === ">" || whole.op === ">=";
  const [a, b] = [sideOf(whole.left), sideOf(whole.right)];
  if (a === "right" && b === "left") {
    return { whole, key: whole.left, bound: { scalar: whole.right, isStrict }, isLow: isGreater };
  }
  if (a === "left" && b === "right") {
    return { whole, key: whole.right, bound: { scalar: whole.left, isStrict }, isLow: !isGreater };
  }
}

/** The comparisons of one key: with a bound below and one above it, if there are such. */
function bandComparisons(comparisons: readonly Comparison[]): Comparison[] {
  let best: Comparison[] = [];
  for (const { key } of comparisons) {
    const ofKey = comparisons.filter((it) => scalarKey(it.key) === scalarKey(key));
    const [low, high] = [true, false].map((isLow) => ofKey.find((it) => it.isLow === isLow));
    const found = [low, high].filter((it) => it !== undefined);
    if (found.length > best.length) best = found;
  }
  return best;
}
