import { UsageError } from "../../../base/errors.ts";
import type { Curve, CurveSelector } from "../../../query/curves/curve.ts";
import { joinAdditions } from "./additions.ts";
import { type Chosen, narrowed } from "./chosen.ts";
import { type Described, described } from "./labels.ts";
import type { Asking } from "../../../compare/asking.ts";

/** Reads the curves that were chosen, in natural order of what they differ in. */
export async function readCurves(
  asking: Asking,
  chosen: Chosen,
  selector: Omit<CurveSelector, "series">,
): Promise<Described[]> {
  const { series, experiments, runs } = chosen;
  if (runs.length > 0 && selector.groupBy !== undefined) {
    throw new UsageError(`Cannot group the run "${runs[0]}": --group-by is about experiments; name those`);
  }
  const found = new Map<string, Curve>();
  for (const name of series) {
    for (const curve of await asking.series({ ...selector, ...narrowed(selector, chosen), series: name })) {
      const { run, exp } = curve.labels;
      const isMeant = runs.length === 0 || runs.includes(String(run)) || experiments.includes(String(exp));
      // Two names may mean the same series.
      if (isMeant) found.set(keyOf(curve), curve);
    }
  }
  return await described(await joinAdditions([...found.values()], asking, selector.smooth), asking);
}

function keyOf({ labels }: Curve): string {
  return JSON.stringify(Object.values(labels), (_, value) => typeof value === "bigint" ? `${value}n` : value);
}

/** What is said where there are no curves. */
export async function whyEmpty(asking: Asking, series: readonly string[]): Promise<string> {
  const any = await asking.rows("SELECT exp FROM experiments LIMIT 1");
  if (any.length === 0) return "no experiments yet";
  return `no experiment that matches has points of ${series.map((name) => `"${name}"`).join(" or ")}`;
}
