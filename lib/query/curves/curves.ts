import { UsageError } from "../../base/errors.ts";
import { didYouMean } from "../../base/suggest.ts";
import { namesOf, seriesMatcher } from "../../format/events/series_name.ts";
import { shorthandQuestion } from "../list/shorthand.ts";
import { NanOrAbsent } from "../list/nan_or_absent.ts";
import { type Question, withErrorsLocated } from "../session/question.ts";
import type { QueryValue } from "../result/answer.ts";
import { reportBadLines, type Snapshot } from "../snapshot/snapshot.ts";
import { knownSeries, knowsAllSeries } from "../tables/known_names.ts";
import type { AskOptions, QuerySession } from "../session/session.ts";
import { axisOf, isOverTime } from "./axis.ts";
import { type ChosenSeries, chosenSeries, placeKey } from "./chosen_series.ts";
import type { Curve, CurveSelector } from "./curve.ts";
import { areEqual } from "./equal_columns.ts";
import { groupedCurves } from "./grouped_curves.ts";
import { type ReadCurve, readCurves } from "./read_curves.ts";
import { downsample } from "./downsample.ts";
import { smoothValues } from "./smooth.ts";

/** The question which experiments a selector means, and what their curves are grouped by. */
export function questionOf(selector: CurveSelector, now: number): Question {
  return shorthandQuestion({ ...selector, cols: groupColumns(selector).cols }, now);
}

function groupColumns({ groupBy = [] }: CurveSelector): NanOrAbsent {
  return new NanOrAbsent(["repo", "exp", ...groupBy]);
}

/**
 * Reads curves. Of a `run` of the selector nothing is known here: the view must be of that run.
 *
 * @throws {UsageError} Where no series has the name, with the near one; where one has no such axis.
 */
export async function curvesOf(
  view: QuerySession,
  selector: CurveSelector,
  options: AskOptions = {},
): Promise<Curve[]> {
  const { smooth = 0, groupBy, points, x = "step" } = selector;
  if (!(smooth >= 0 && smooth < 1)) throw new UsageError(`Cannot smooth by ${smooth}: it must be from 0 to below 1`);
  const { snapshot, tables } = view;
  const read = { signal: options.signal };
  if (options.onProblem !== undefined) reportBadLines(snapshot.logs, options.onProblem);
  const groups = await groupsOf(view, selector, options);
  const isAll = groups.size === snapshot.experiments.length;
  const ids = isAll ? undefined : [...new Set([...groups.values()].map(({ exp }) => exp))];
  const withKeys = !["step", "time", "relative"].includes(x);
  const series = await chosenSeries(tables, selector.series, ids, withKeys, read);
  if (series.length === 0 && options.awaitsSeries !== true) await checkName(snapshot, selector.series, options.whole);
  const meant = newestCopies(series.filter(({ place }) => groups.has(experimentKey(place))));
  const axes = meant.map((one) => ({ series: one, axis: axisOf(x, { ...one, keys: () => one.keys }) }));
  const made = (await readCurves(tables, axes, ids, read)).map((curve) => curveOf(curve, smooth));
  const curves = groupBy === undefined ? made.map(({ curve }) => curve) : groupedCurves(
    made.map(({ series, curve }) => ({
      labels: { series: series.series, ...groups.get(experimentKey(series.place))!.labels },
      curve,
    })),
    selector.aggregates ?? ["mean", "std"],
    isOverTime(x),
  );
  const shown = withoutX(curves);
  return points === undefined ? shown : shown.map((curve) => downsample(curve, points));
}

interface Group {
  readonly exp: string;
  readonly labels: Readonly<Record<string, QueryValue>>;
}

function experimentKey({ repo, exp }: { readonly repo: string; readonly exp: string }): string {
  return `${repo}\0${exp}`;
}

/** The experiments that are asked for, with the values of the columns that group them. */
async function groupsOf(view: QuerySession, selector: CurveSelector, options: AskOptions): Promise<Map<string, Group>> {
  const { groupBy = [] } = selector;
  const question = questionOf(selector, options.now ?? Date.now());
  return await withErrorsLocated(question, async () => {
    using asked = await view.askQuestion(question, { ...options, onProblem: undefined });
    const answer = groupColumns(selector).answer(asked);
    const groups = new Map<string, Group>();
    for await (const [repo, exp, ...values] of answer) {
      const labels = Object.fromEntries(groupBy.map((name, at) => [name, values[at]]));
      groups.set(experimentKey({ repo: String(repo), exp: String(exp) }), { exp: String(exp), labels });
    }
    return groups;
  });
}

/** Of a log that several repositories hold, the copy with the most points: a seed that was copied is still one seed. */
function newestCopies(all: readonly ChosenSeries[]): ChosenSeries[] {
  const newest = new Map<string, ChosenSeries>();
  for (const one of all) {
    const key = `${placeKey({ ...one.place, repo: "" })}\0${one.series}`;
    const known = newest.get(key);
    if (known === undefined || known.count < one.count) newest.set(key, one);
  }
  return [...newest.values()];
}

/** Throws where nothing that is known has the name. */
async function checkName(snapshot: Snapshot, name: string, whole: AskOptions["whole"]): Promise<void> {
  if (!knowsAllSeries(snapshot)) return;
  const known = knownSeries(snapshot).map(({ series }) => series);
  if (known.length === 0 || known.some(seriesMatcher(name))) return;
  if (whole !== undefined) return await checkName(await whole(), name, undefined);
  const hint = didYouMean(name, [...namesOf(known)]);
  throw new UsageError(`Cannot find the series "${name}"${hint || "; dbx schema lists them"}`);
}

function curveOf(
  { series, x, values, coordinates }: ReadCurve,
  smooth: number,
): { readonly series: ChosenSeries; readonly curve: Curve } {
  const { exp, run, log } = series.place;
  const curve: Curve = {
    labels: { exp, run, log, series: series.series },
    x,
    y: { value: smooth > 0 ? smoothValues(values, smooth) : values },
    coordinates: Object.fromEntries(coordinates.map((column, at) => [`c${at}`, column])),
  };
  return { series, curve };
}

/** The curves without coordinates that are x in all of them. */
function withoutX(curves: readonly Curve[]): Curve[] {
  const telling = new Set<string>();
  for (const { x, coordinates } of curves) {
    for (const [name, column] of Object.entries(coordinates)) {
      if (!telling.has(name) && !areEqual(column, x)) telling.add(name);
    }
  }
  return curves.map((curve) => ({
    ...curve,
    coordinates: Object.fromEntries(Object.entries(curve.coordinates).filter(([name]) => telling.has(name))),
  }));
}
