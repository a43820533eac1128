import type { Sample } from "../../../compare/statistics/sample.ts";
import type { MetricComparison, SetReport } from "../../../compare/report/set_report.ts";
import { probabilityWords, sampleWords, signed } from "../number_words.ts";

/** Below this probability a difference is marked. */
const MARKED = 0.05;

/** Printed in the place of a number that is missing. */
const NOTHING = "–";

/** The heads of the table of metrics. */
export function metricHeads({ before, after }: SetReport): string[] {
  const count = ({ experiments }: SetReport["before"]) => `n = ${experiments.length}`;
  return ["metric", `${before.name} (${count(before)})`, `${after.name} (${count(after)})`, "difference", "p"];
}

/** A row of it. */
export function metricCells({ metric, before, after, missing, test }: MetricComparison): string[] {
  const exact = after.mean - before.mean;
  // What is left by rounding is not a difference.
  const difference = Math.abs(exact) < 1e-12 * Math.abs(before.mean) ? 0 : exact;
  const part = difference / Math.abs(before.mean);
  const words = Number.isNaN(difference)
    ? NOTHING
    : `${signed(difference, 4)}${Number.isFinite(part) && difference !== 0 ? ` (${signed(part * 100, 3)} %)` : ""}`;
  const mean = (sample: Sample, left: number) => {
    const said = Number.isNaN(sample.mean) ? NOTHING : sampleWords(sample);
    return left === 0 ? said : `${said} (${left} of ${sample.count + left} NaN or missing)`;
  };
  return [
    metric,
    mean(before, missing.before),
    mean(after, missing.after),
    words,
    test === undefined ? "" : probabilityWords(test.p),
  ];
}

/** How many experiments of each side are not finished; undefined where all are. */
export function unfinishedWords({ before, after }: SetReport): string | undefined {
  const said = [before, after].flatMap(({ name, experiments, unfinished }) => {
    const states = Object.entries(unfinished);
    if (states.length === 0) return [];
    const count = states.reduce((sum, [, count]) => sum + count, 0);
    const words = states.map(([status, count]) => `${count} ${status}`).join(", ");
    return [`${count} of ${experiments.length} of ${name} (${words})`];
  });
  return said.length === 0 ? undefined : `Not finished: ${said.join("; ")}.`;
}

/** Whether a difference is good or bad news, where it is significant and the name of the metric says what is better. */
export function verdictOf({ better, before, after, test }: MetricComparison): "better" | "worse" | undefined {
  if (better === undefined || test === undefined || !(test.p < MARKED)) return undefined;
  return (after.mean > before.mean) === (better === "higher") ? "better" : "worse";
}

/** The most values of a param that are listed. */
const MAX_VALUES = 6;
/** Of a longer value only its beginning is shown. */
const MAX_VALUE_LENGTH = 60;

/** The values of a param on one side. */
export function valuesText(values: readonly string[]): string {
  const more = values.length - MAX_VALUES;
  const shown = values.slice(0, MAX_VALUES).map((value) =>
    value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH - 1)}…` : value
  );
  return more <= 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
