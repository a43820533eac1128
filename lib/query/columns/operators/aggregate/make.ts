import type { Aggregate } from "../../../plan/plan.ts";
import { UnsupportedAtRuntime } from "../../fallback.ts";
import type { Accumulator } from "./accumulator.ts";
import { Count } from "./count.ts";
import { Deviation, DEVIATION_KINDS } from "./deviation.ts";
import { Extreme } from "./extremes.ts";
import { Quantile } from "./quantile.ts";
import { Sum } from "./sum.ts";

/** What computes an aggregate other than `any`. */
export function accumulatorOf(name: Exclude<Aggregate["name"], "any">): Accumulator {
  switch (name) {
    case "count":
      return new Count();
    case "sum":
    case "total":
    case "avg":
      return new Sum(name);
    case "min":
    case "max":
      return new Extreme(name);
    case "median":
    case "percentile":
    case "percentile_cont":
    case "percentile_disc":
      return new Quantile(name);
    case "stddev":
    case "stddev_pop":
    case "variance":
    case "variance_pop":
      return new Deviation(DEVIATION_KINDS[name]);
    case "group_concat":
      throw new UnsupportedAtRuntime("group_concat, whose answer depends on the order of rows");
  }
}
