import type { ExperimentFilter } from "../../query/list/filter.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import { quoteText } from "../../query/sql/quote.ts";
import { type Asking, numberOf } from "../asking.ts";
import { sampleOf } from "../statistics/sample.ts";
import type { Assertion } from "./assertion.ts";
import type { Baseline } from "./baseline.ts";
import { type BaselineRules, compareWithBaseline, type Verdict } from "./compare_baseline.ts";
import { measure, type Measurement } from "./measure.ts";
import type { AssertReport, FailingExperiment, Outcome } from "./outcome.ts";

/** Of which experiments conditions are to hold, and how they are compared. */
export interface EvaluateOptions extends BaselineRules {
  readonly filter?: ExperimentFilter;
  /** Only the newest of them. */
  readonly last?: boolean;
  readonly baseline?: Baseline;
  /** Whether it is fine that nothing matches. */
  readonly allowEmpty?: boolean;
}

/** What was found, and what was measured for it: of that, a baseline is made. */
export interface Evaluation {
  readonly report: AssertReport;
  readonly measurement: Measurement;
}

/**
 * Says which conditions hold: each for every experiment, those with aggregates for all together, and those about the
 * baseline for the mean. What is NaN or missing makes no condition true.
 *
 * @throws {QueryError} For a column that there is none of, with the near name.
 */
export async function evaluate(
  asking: Asking,
  assertions: readonly Assertion[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const filter = options.last ? await newest(asking, options.filter ?? {}) : options.filter ?? {};
  const measurement = await measure(asking, assertions, filter);
  const experiments = measurement.ids;
  if (experiments.length === 0) {
    const report = {
      passed: options.allowEmpty === true,
      outcomes: [],
      experiments,
      remarks: ["no experiment matches"],
    };
    return { report, measurement };
  }
  const outcomes = assertions.map((assertion) => outcomeOf(assertion, measurement, options));
  const passed = outcomes.every((outcome) => outcome.passed);
  return { report: { passed, outcomes, experiments, remarks: [] }, measurement };
}

async function newest(asking: Asking, filter: ExperimentFilter): Promise<ExperimentFilter> {
  const rows = await asking.rows({ ...filter, cols: ["exp"], sort: "-created", limit: 1 });
  return { ...filter, where: rows.length === 0 ? "0" : `exp = ${quoteText(String(rows[0][0]))}` };
}

function outcomeOf(assertion: Assertion, measurement: Measurement, options: EvaluateOptions): Outcome {
  const own = assertion.isTogether ? togetherOutcome(assertion, measurement) : eachOutcome(assertion, measurement);
  const { comparison: wanted } = assertion;
  if (options.baseline === undefined || wanted === undefined) return own;
  const current = measurement.samples.get(wanted.value)!;
  const verdict: Verdict = compareWithBaseline(wanted, current, options.baseline.values.get(wanted.value), options);
  return {
    ...own,
    passed: own.passed && verdict.passed,
    remarks: [...own.remarks, ...verdict.remarks],
    comparison: verdict.comparison,
  };
}

function eachOutcome(assertion: Assertion, measurement: Measurement): Outcome {
  const { text, condition, measured, ends } = assertion;
  const failing: FailingExperiment[] = [];
  const isTrue = condition === undefined ? undefined : measurement.each.get(condition)!;
  let diverged = 0;
  measurement.ids.forEach((id, at) => {
    const valueOf = (name: string) => measurement.each.get(name)![at];
    const nan = ends.filter((name) => Number.isNaN(valueOf(name)));
    const holds = isTrue === undefined ? !measured.map(valueOf).some(isNothing) : numberOf(isTrue[at]) === 1;
    if (holds && nan.length === 0) return;
    if (nan.length > 0) diverged++;
    failing.push({ id, values: Object.fromEntries([...measured, ...nan].map((name) => [name, valueOf(name)])) });
  });
  const all = measurement.ids.length;
  const remark = condition === undefined
    ? all === 1
      ? "the experiment has no number for it"
      : `${failing.length} of ${all} experiments have no number for it`
    : all === 1
    ? "the experiment does not meet it"
    : `${failing.length} of ${all} experiments do not meet it`;
  return {
    assertion: text,
    passed: failing.length === 0,
    remarks: failing.length === 0 ? [] : [
      remark +
      (diverged === 0
        ? ""
        : all === 1
        ? ": it ends in NaN"
        : `; ${diverged} of them end${diverged === 1 ? "s" : ""} in NaN`),
    ],
    measured: measured.map((value) => ({ value, sample: measurement.samples.get(value) })),
    failing,
  };
}

function togetherOutcome({ text, condition, measured, gaps }: Assertion, measurement: Measurement): Outcome {
  const missing = gaps.reduce((sum, gap) => sum + numberOf(measurement.together.get(`count(${gap})`)!), 0);
  const isTrue = condition === undefined || numberOf(measurement.together.get(condition)!) === 1;
  const values = measured.map((value) => ({ value, found: measurement.together.get(value)! }));
  const said = values.filter(({ found }) => isNothing(found)).map(({ value }) => `${value} is not a number`);
  return {
    assertion: text,
    passed: isTrue && missing === 0,
    remarks: [
      ...missing > 0 ? [`${missing} of ${measurement.ids.length} experiments have no number for it`] : [],
      ...isTrue ? [] : said.length > 0 ? said : ["it does not hold"],
    ],
    measured: values.map(({ value, found }) => ({ value, sample: sampleOf([numberOf(found)]) })),
    failing: [],
  };
}

function isNothing(value: QueryValue): boolean {
  return value === null || Number.isNaN(value);
}
