import { UsageError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { isSystemSeries } from "../../format/events/series_key.ts";
import { lastPart } from "../../format/events/series_name.ts";
import type { Curve } from "../../query/curves/curve.ts";
import type { ExperimentFilter } from "../../query/list/filter.ts";
import { statisticOf } from "../../query/schema/statistics.ts";
import { quoteName, quoteText } from "../../query/sql/quote.ts";
import { type Asking, numberOf } from "../asking.ts";
import { bestOf } from "../diff/best.ts";
import { compareNaturally } from "../diff/natural_order.ts";
import type { ExperimentSet } from "../sets/experiment_set.ts";
import { type Sample, sampleOf } from "../statistics/sample.ts";
import { type WelchTest, welchTest } from "../statistics/welch.ts";

/** Two sets of experiments, held against each other. */
export interface SetReport {
  /** What is compared with. */
  readonly before: SetSummary;
  readonly after: SetSummary;
  readonly metrics: readonly MetricComparison[];
  /** Params that have other values on one side than on the other. */
  readonly params: readonly ParamComparison[];
  readonly curves: readonly CurveComparison[];
}

/** One of the sets. */
export interface SetSummary {
  readonly name: string;
  readonly experiments: readonly string[];
  /** How many of them are in another state than finished, by these: `failed`, `running`. What was never recorded is left out. */
  readonly unfinished: Readonly<Record<string, number>>;
}

/** A value of both sets. */
export interface MetricComparison {
  /** As `dbx ls` names it: `last:val_acc`. */
  readonly metric: string;
  /** Whether more is better, by the name; undefined where that does not say. */
  readonly better: "higher" | "lower" | undefined;
  readonly before: Sample;
  readonly after: Sample;
  /** How many experiments of each side are left out, as their value is NaN or missing. */
  readonly missing: { readonly before: number; readonly after: number };
  /** Undefined where a side has fewer than two experiments, or a value is missing or NaN. */
  readonly test: WelchTest | undefined;
}

/** A param of both sets. */
export interface ParamComparison {
  readonly param: string;
  /** The different values, in natural order. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The curves of a series: mean and deviation of each set. */
export interface CurveComparison {
  readonly series: string;
  readonly before: readonly Curve[];
  readonly after: readonly Curve[];
}

/** Statistics that are asked for at once, experiments whose series are looked at, and what a report shows by itself. */
const MAX_AT_ONCE = 100;
const MAX_LOOKED_AT = 400;
const MAX_SERIES = 12;
const MAX_CURVES = 8;
/** Points of a curve: more cannot be seen. */
const POINTS = 400;

/** Compares two sets. `metrics`: names such as `last:val_acc`; default: of each series of both, the last and the best value. */
export async function compareSets(
  asking: Asking,
  before: ExperimentSet,
  after: ExperimentSet,
  metrics?: readonly string[],
): Promise<SetReport> {
  const sides = [await membersOf(asking, before), await membersOf(asking, after)] as const;
  refuseSame(before, after, sides);
  const names = metrics ?? await metricsOf(asking, sides);
  const [own, other] = [await samplesOf(asking, before, names), await samplesOf(asking, after, names)];
  const curves: CurveComparison[] = [];
  for (const series of seriesIn(names)) {
    const [a, b] = [await curvesOf(asking, before.filter, series), await curvesOf(asking, after.filter, series)];
    if ([...a, ...b].some(({ x }) => x.length > 1)) curves.push({ series, before: a, after: b });
  }
  return {
    before: { name: before.name, experiments: sides[0].ids, unfinished: sides[0].unfinished },
    after: { name: after.name, experiments: sides[1].ids, unfinished: sides[1].unfinished },
    metrics: names.map((metric) => {
      const [a, b] = [own.get(metric)!, other.get(metric)!];
      const missing = { before: sides[0].ids.length - a.count, after: sides[1].ids.length - b.count };
      // Without the worst ones, such as those that diverged, a side looks better than it is.
      const test = missing.before + missing.after > 0 ? undefined : welchTest(b, a);
      return { metric, better: betterOf(metric), before: a, after: b, missing, test };
    }),
    params: paramsOf(sides[0].params, sides[1].params),
    curves,
  };
}

/** Experiments beside themselves differ in nothing. Runs of one experiment may. */
function refuseSame(before: ExperimentSet, after: ExperimentSet, [own, other]: readonly [Members, Members]): void {
  const isSame = before.filter.run === after.filter.run && own.ids.length > 0 &&
    own.ids.length === other.ids.length && own.ids.every((id, at) => id === other.ids[at]);
  if (!isSame) return;
  throw new UsageError(
    before.name === after.name
      ? `Cannot compare "${before.name}" with itself`
      : `Cannot compare "${before.name}" with "${after.name}": they are the same experiments`,
  );
}

interface Members {
  readonly ids: readonly string[];
  readonly unfinished: Readonly<Record<string, number>>;
  readonly params: readonly ReadonlyMap<string, string>[];
}

async function membersOf(asking: Asking, { filter }: ExperimentSet): Promise<Members> {
  const rows = await asking.rows({ ...filter, cols: ["exp", "params", "status"], sort: "created" });
  const unfinished: Record<string, number> = {};
  for (const [, , status] of rows) {
    if (typeof status !== "string" || status === "finished" || status === "unknown") continue;
    unfinished[status] = (unfinished[status] ?? 0) + 1;
  }
  return {
    ids: rows.map(([id]) => String(id)),
    unfinished,
    params: rows.map(([, params]) => new Map(leavesOf(JSON.parse(String(params ?? "{}"))))),
  };
}

function* leavesOf(json: Json, path = ""): Generator<[string, string]> {
  if (typeof json === "object" && json !== null && !Array.isArray(json) && json._dbx === undefined) {
    for (const [key, value] of Object.entries(json)) yield* leavesOf(value, path === "" ? key : `${path}.${key}`);
  } else yield [path, typeof json === "string" ? json : JSON.stringify(json)];
}

/** The params whose values on both sides are not the same ones. */
function paramsOf(before: Members["params"], after: Members["params"]): ParamComparison[] {
  const names = new Set([...before, ...after].flatMap((params) => [...params.keys()]));
  const values = (of: Members["params"], name: string) =>
    [...new Set(of.map((params) => params.get(name) ?? "-"))].sort(compareNaturally);
  return [...names].sort(compareNaturally).flatMap((param) => {
    const [own, other] = [values(before, param), values(after, param)];
    return own.join("\0") === other.join("\0") ? [] : [{ param, before: own, after: other }];
  });
}

/** The last and the best value of the series that both sets have; what the machine did is left out. */
async function metricsOf(asking: Asking, sides: readonly Members[]): Promise<string[]> {
  const found: Set<string>[] = [];
  for (const { ids } of sides) {
    const some = ids.slice(-MAX_LOOKED_AT).map(quoteText).join(", ");
    const rows = ids.length === 0
      ? []
      : await asking.rows(`SELECT DISTINCT series FROM metrics WHERE exp IN (${some})`);
    found.push(new Set(rows.map(([series]) => String(series))));
  }
  const names = commonNames(found.map((keys) => [...keys].filter((series) => !isSystemSeries(series))));
  return names.sort(compareNaturally).slice(0, MAX_SERIES).flatMap((name) => {
    const best = bestOf(lastPart(name) || name);
    return [`last:${name}`, ...best === undefined ? [] : [`${best}:${name}`]];
  });
}

/** The last parts of series that both sides have, where one series of each has that part; else the keys that both have. */
function commonNames([own, other]: readonly (readonly string[])[]): string[] {
  const [byPart, otherByPart] = [Map.groupBy(own, lastPart), Map.groupBy(other, lastPart)];
  return own.flatMap((series) => {
    const part = lastPart(series);
    const isOne = part !== "" && byPart.get(part)!.length === 1 && otherByPart.get(part)?.length === 1;
    return isOne ? [part] : other.includes(series) ? [series] : [];
  });
}

async function samplesOf(
  asking: Asking,
  { filter }: ExperimentSet,
  names: readonly string[],
): Promise<Map<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (let from = 0; from < names.length; from += MAX_AT_ONCE) {
    const part = names.slice(from, from + MAX_AT_ONCE);
    const values = part.map((name) => statisticOf(name) === undefined ? name : quoteName(name));
    const rows = await asking.rows({ ...filter, cols: ["exp"], values, sort: "created" });
    part.forEach((name, at) => samples.set(name, sampleOf(numbersIn(rows.map((row) => numberOf(row[at + 1]))))));
  }
  return samples;
}

function numbersIn(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function betterOf(metric: string): MetricComparison["better"] {
  const series = statisticOf(metric)?.series ?? metric;
  const best = bestOf(lastPart(series) || series);
  return best === undefined ? undefined : best === "max" ? "higher" : "lower";
}

function seriesIn(names: readonly string[]): string[] {
  const series = names.flatMap((name) => statisticOf(name)?.series ?? []);
  return [...new Set(series)].slice(0, MAX_CURVES);
}

async function curvesOf(asking: Asking, filter: ExperimentFilter, series: string): Promise<Curve[]> {
  // One curve for the whole set: all of it is of one repository.
  return await asking.series({ ...filter, series, groupBy: ["repo"], aggregates: ["mean", "std"], points: POINTS });
}
