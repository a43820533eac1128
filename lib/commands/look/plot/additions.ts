import type { Asking } from "../../../compare/asking.ts";
import type { Curve } from "../../../query/curves/curve.ts";
import { smoothValues } from "../../../query/curves/smooth.ts";
import { quoteText } from "../../../query/sql/quote.ts";

/**
 * Makes the curves of one series that were added to one experiment, such as those of an evaluation after each checkpoint, a single
 * one with the labels of the first: each `dbx log --exp` makes a run of its own. `smooth`: the weight by which those of one
 * point are smoothed together.
 */
export async function joinAdditions(curves: readonly Curve[], asking: Asking, smooth = 0): Promise<Curve[]> {
  const several = [...Map.groupBy(curves, keyOf).values()].filter(({ length }) => length > 1);
  if (several.length === 0 || curves[0].labels.run === undefined) return [...curves];
  const ids = [...new Set(several.map(([{ labels }]) => quoteText(String(labels.exp))))];
  const rows = await asking.rows(
    `SELECT run FROM runs WHERE extra.addition = true AND exp IN (${ids.join(", ")}) ORDER BY created_at, run`,
  );
  const order = new Map(rows.map(([run], at) => [String(run), at]));
  const placeOf = ({ labels }: Curve) => order.get(String(labels.run));
  const added = Map.groupBy(curves.filter((curve) => placeOf(curve) !== undefined), keyOf);
  return [
    ...curves.filter((curve) => placeOf(curve) === undefined),
    ...added.values().map((parts) => joined(parts.sort((a, b) => placeOf(a)! - placeOf(b)!), smooth)),
  ];
}

function keyOf({ labels: { exp, log, series } }: Curve): string {
  return [exp, log, series].join("\0");
}

function joined(parts: readonly Curve[], smooth: number): Curve {
  if (parts.length === 1) return parts[0];
  const value = concatenated(parts.map(({ y }) => y.value));
  const arePoints = parts.every(({ x }) => x.length === 1);
  const coordinates = new Set(parts.flatMap((part) => Object.keys(part.coordinates)));
  return {
    labels: parts[0].labels,
    x: concatenated(parts.map(({ x }) => x)),
    y: { value: smooth > 0 && arePoints ? smoothValues(value, smooth) : value },
    coordinates: Object.fromEntries([...coordinates].map((name) => [
      name,
      concatenated(parts.map(({ x, coordinates: own }) => own[name] ?? new Float64Array(x.length).fill(NaN))),
    ])),
  };
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
