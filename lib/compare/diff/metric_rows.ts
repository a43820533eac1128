import { isSystemSeries } from "../../format/events/series_key.ts";
import { lastPart } from "../../format/events/series_name.ts";
import type { Json } from "../../base/json.ts";
import type { ExperimentFilter } from "../../query/list/filter.ts";
import { quoteName, quoteText } from "../../query/sql/quote.ts";
import { type Asking, numberOf } from "../asking.ts";
import { bestOf } from "./best.ts";
import { compareNaturally } from "./natural_order.ts";
import { type DiffRow, rowOf } from "./rows.ts";
import type { Subject } from "./subject.ts";

/** Series whose statistics are asked for at once: a server takes so many columns, and SQLite not many more. */
const MAX_AT_ONCE = 40;

/** Series of which the values at equal steps are looked up at most: that reads points. */
const MAX_AT_STEP = 100;

/** What is shown of a series, besides its best value. */
const ENDS = ["first", "last"] as const;

/** A subject's part of a series: how many points, and up to which step. */
interface Extent {
  points: number;
  lastStep: number;
}

/**
 * The metrics of the subjects side by side: for each series the first, the last and the best value, and where some are further
 * than others the value at the last step that all have. `system`: those of the machine too.
 */
export async function metricRows(
  asking: Asking,
  subjects: readonly Subject[],
  { system = false }: { readonly system?: boolean } = {},
): Promise<DiffRow[]> {
  const extents = await extentsOf(asking, subjects);
  if (!system) { for (const key of extents.keys()) if (isSystemSeries(key)) extents.delete(key); }
  const names = namesFor([...extents.keys()]);
  const series = [...extents.keys()].sort((a, b) =>
    Number(isSystemSeries(a)) - Number(isSystemSeries(b)) || compareNaturally(names.get(a)!, names.get(b)!)
  );
  const found: Map<string, number | undefined>[] = [];
  for (const subject of subjects) found.push(await statisticsOf(asking, subject, series));
  const rows: DiffRow[] = [];
  let looked = 0;
  for (const key of series) {
    const add = (what: string, values: readonly (Json | undefined)[]) =>
      rows.push(rowOf("metrics", `${names.get(key)} ${what}`, values));
    const best = bestOf(lastPart(key));
    for (const statistic of [...ENDS, ...best === undefined ? ["min", "max"] as const : [best]]) {
      add(statistic, found.map((values) => values.get(`${statistic}:${key}`)));
    }
    const step = commonStep(extents.get(key)!);
    if (step === undefined || looked++ >= MAX_AT_STEP) continue;
    add(`at ${step}`, await valuesAt(asking, subjects, key, step));
  }
  return rows;
}

/** The last part of each series where that says which it is, else all of it. */
function namesFor(series: readonly string[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const key of series) counts.set(lastPart(key), (counts.get(lastPart(key)) ?? 0) + 1);
  return new Map(series.map((key) => [key, counts.get(lastPart(key)) === 1 ? lastPart(key) : key]));
}

async function extentsOf(asking: Asking, subjects: readonly Subject[]): Promise<Map<string, (Extent | undefined)[]>> {
  const ids = [...new Set(subjects.map(({ experiment }) => quoteText(experiment)))];
  const rows = await asking.rows(
    `SELECT exp, run, series, count, last_step FROM metrics WHERE exp IN (${ids.join(", ")})`,
  );
  const extents = new Map<string, (Extent | undefined)[]>();
  for (const [exp, run, key, count, lastStep] of rows) {
    subjects.forEach((subject, at) => {
      if (subject.experiment !== exp || subject.isRun && subject.run !== run) return;
      const all = extents.getOrInsertComputed(String(key), () => subjects.map(() => undefined));
      const own = all[at] ??= { points: 0, lastStep: -Infinity };
      own.points += numberOf(count);
      own.lastStep = Math.max(own.lastStep, numberOf(lastStep));
    });
  }
  return extents;
}

/** What belongs to a subject alone. */
function filterOf({ isRun, run, experiment }: Subject): ExperimentFilter {
  return isRun ? { run } : { where: `exp = ${quoteText(experiment)}` };
}

/** Statistics of series by their names as columns; NaN where a series has points and no number. */
async function statisticsOf(
  asking: Asking,
  subject: Subject,
  series: readonly string[],
): Promise<Map<string, number | undefined>> {
  const found = new Map<string, number | undefined>();
  for (let from = 0; from < series.length; from += MAX_AT_ONCE) {
    const part = series.slice(from, from + MAX_AT_ONCE);
    const names = part.flatMap((key) => ["count", "first", "last", "min", "max"].map((name) => `${name}:${key}`));
    const [row = []] = await asking.rows({ ...filterOf(subject), cols: [], values: names.map(quoteName) });
    const values = new Map(names.map((name, at) => [name, row[at] ?? null]));
    for (const key of part) {
      const hasPoints = numberOf(values.get(`count:${key}`) ?? 0) > 0;
      for (const name of ["first", "last", "min", "max"]) {
        const value = values.get(`${name}:${key}`) ?? null;
        found.set(`${name}:${key}`, value === null ? hasPoints ? NaN : undefined : numberOf(value));
      }
    }
  }
  return found;
}

/** The last step that all subjects with the series have; undefined where they are equally far. */
function commonStep(extents: readonly (Extent | undefined)[]): number | undefined {
  const steps = extents.flatMap((extent) => extent === undefined ? [] : [extent.lastStep]);
  if (steps.length < 2 || steps.some((step) => !Number.isFinite(step))) return undefined;
  const least = Math.min(...steps);
  return steps.some((step) => step > least) ? least : undefined;
}

async function valuesAt(
  asking: Asking,
  subjects: readonly Subject[],
  key: string,
  step: number,
): Promise<(number | undefined)[]> {
  const found = new Map<string, number>();
  const ids = [...new Set(subjects.map(({ experiment }) => quoteText(experiment)))].join(", ");
  // The columns beside max() are those of its row.
  const rows = await asking.rows(
    `SELECT exp, run, value, max(step) FROM points WHERE series = ${
      quoteText(key)
    } AND exp IN (${ids}) AND step <= ${step} ` +
      "GROUP BY exp, run ORDER BY 4",
  );
  for (const [exp, run, value] of rows) {
    for (const id of [String(exp), String(run)]) found.set(id, numberOf(value));
  }
  return subjects.map(({ isRun, run, experiment }) => found.get(isRun ? run! : experiment));
}
