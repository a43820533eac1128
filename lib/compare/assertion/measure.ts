import type { ExperimentFilter } from "../../query/list/filter.ts";
import type { QueryValue } from "../../query/result/answer.ts";
import { type Asking, numberOf } from "../asking.ts";
import { type Sample, sampleOf } from "../statistics/sample.ts";
import { statisticOf } from "../../query/schema/statistics.ts";
import type { Assertion } from "./assertion.ts";
import type { Baseline } from "./baseline.ts";

/** What conditions ask for, of some experiments. All by the text in the condition. */
export interface Measurement {
  readonly ids: readonly string[];
  /** One value per experiment. */
  readonly each: ReadonlyMap<string, readonly QueryValue[]>;
  /** One value for all. */
  readonly together: ReadonlyMap<string, QueryValue>;
  /** What the values of what can be compared come down to. */
  readonly samples: ReadonlyMap<string, Sample>;
}

/** Measures what conditions ask for. */
export async function measure(
  asking: Asking,
  assertions: readonly Assertion[],
  filter: ExperimentFilter,
): Promise<Measurement> {
  const [single, together] = [assertions.filter((it) => !it.isTogether), assertions.filter((it) => it.isTogether)];
  const names = unique(
    single.flatMap(({ measured, condition }) => [...measured, ...condition === undefined ? [] : [condition]]),
  );
  // What is a column alone comes as one, since of that NaN is known from what is not there.
  const cols = unique([...names.filter(isStatistic), ...single.flatMap(({ ends }) => ends)]);
  const values = names.filter((name) => !isStatistic(name));
  const rows = await asking.rows({ ...filter, cols: ["exp", ...cols], values, sort: "created" });
  const each = new Map([...cols, ...values].map((name, at) => [name, rows.map((row) => row[at + 1])]));
  const asked = unique(together.flatMap(({ measured, condition, gaps }) => [
    ...measured,
    ...condition === undefined ? [] : [condition],
    ...gaps.map((gap) => `count(${gap})`),
  ]));
  const [row = []] = asked.length === 0 ? [] : await asking.rows({ ...filter, cols: [], values: asked });
  const all = new Map(asked.map((name, at) => [name, row[at]]));
  const samples = new Map<string, Sample>();
  for (const { isTogether, measured } of assertions) {
    for (const name of measured) {
      if (isTogether) samples.set(name, sampleOf([numberOf(all.get(name)!)]));
      else {
        const values = each.get(name)!;
        if (values.some((value) => typeof value === "string")) continue;
        samples.set(name, sampleOf(values.map(numberOf)));
      }
    }
  }
  return { ids: rows.map(([id]) => String(id)), each, together: all, samples };
}

/** What is measured of experiments that others are compared with. */
export async function measureBaseline(
  asking: Asking,
  assertions: readonly Assertion[],
  { name, filter }: { readonly name: string; readonly filter: ExperimentFilter },
): Promise<Baseline> {
  const compared = assertions.filter(({ comparison }) => comparison !== undefined);
  const own = compared.map((it) => ({ ...it, condition: undefined, gaps: [], measured: [it.comparison!.value] }));
  const { samples, ids } = await measure(asking, own, filter);
  return { name, values: samples, experiments: ids };
}

/** What a later run can be compared with. */
export function baselineOf({ ids, samples }: Measurement, assertions: readonly Assertion[]): Omit<Baseline, "name"> {
  const names = new Set(assertions.flatMap(({ comparison }) => comparison === undefined ? [] : [comparison.value]));
  return { experiments: ids, values: new Map([...samples].filter(([name]) => names.has(name))) };
}

function isStatistic(name: string): boolean {
  return statisticOf(name) !== undefined && /^[\w.:]+$/.test(name);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
