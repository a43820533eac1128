import { NotFoundError } from "../../../base/errors.ts";
import type { JsonObject } from "../../../base/json.ts";
import { didYouMean } from "../../../base/suggest.ts";
import type { LogEvent } from "../../../format/events/event.ts";
import { Captured } from "./captured.ts";
import { CODE_LOG, FILE_EVENT, unkeptVersion } from "../../../format/events/file_event.ts";
import { isSystemSeries } from "../../../format/events/series_key.ts";
import { namesOf, seriesMatcher } from "../../../format/events/series_name.ts";
import { addToCurves, type Curve, type ScanActions, scanRun } from "../../../index/scan_run.ts";
import { type SeriesSummary, SummaryBuilder } from "../../../index/statistics/summary_builder.ts";
import { isAddition } from "../../../repo/experiments/addition.ts";
import type { Notes } from "../../../repo/logs/notes.ts";
import { hasOutput } from "../../../repo/logs/output_reader.ts";
import type { Run } from "../../../repo/experiments/run.ts";
import type { RunStatus } from "../../../repo/logs/run_status.ts";
import type { ExperimentOrRun } from "../../../cli/repository/experiment_or_run.ts";
import type { BadLines } from "../../../cli/repository/problems.ts";

/** What `dbx run` recorded of the machine, the Python and the code of a run. */
export interface Surroundings {
  readonly machine?: JsonObject;
  readonly python?: JsonObject;
  readonly code?: JsonObject;
}

/** All that is shown of one run and its experiment. */
export interface Shown extends ExperimentOrRun {
  readonly runs: readonly { readonly run: Run; readonly status: RunStatus }[];
  readonly notes: Notes;
  /** Sorted by key, those of the machine last. */
  readonly series: readonly SeriesSummary[];
  /** What the events of the run say of files, the latest of each name. */
  readonly files: readonly JsonObject[];
  /** The same of those that `dbx run` kept of the code. */
  readonly codeFiles: readonly JsonObject[];
  /** What the run says of its surroundings: events of dbx, the latest of each. */
  readonly surroundings: Surroundings;
  /** What packages that log said of the run. */
  readonly captured: Captured;
  readonly output: readonly string[];
  /** The curves to draw: of the run that was named, else of every run. */
  readonly curves: readonly { readonly key: string; readonly run: Run; readonly curve: Curve }[];
}

/** Reads what is to be shown: each log once. Throws `NotFoundError` where no series is like one of `plots`. */
export async function readShown(
  found: ExperimentOrRun,
  options: {
    readonly now: number;
    readonly lines: number;
    readonly plots: readonly string[];
    readonly badLines: BadLines;
    readonly signal: AbortSignal;
  },
): Promise<Shown> {
  const { experiment, run } = found;
  const scanning = { signal: options.signal, onProblem: options.badLines.add };
  const series = new SummaryBuilder();
  const files = new Map<string, JsonObject>();
  const codeFiles = new Map<string, JsonObject>();
  const surroundings: Record<string, JsonObject> = {};
  const captured = new Captured();
  const matchers = options.plots.map(seriesMatcher);
  const isDrawn = memo((key) => matchers.some((matches) => matches(key)));
  const curves: { key: string; run: Run; curve: Curve }[] = [];
  const runs = [];
  for (const item of await experiment.runs()) {
    runs.push({ run: item, status: await item.status(options.now) });
    const isShown = item.id === run?.id || !found.named && isAddition(item.definition);
    if (!isShown && (found.named || matchers.length === 0)) continue;
    const drawn = new Map<string, Curve>();
    const point: ScanActions["point"] = (point, { ts }) => {
      if (isShown) series.add(point, ts ?? item.createdAt);
      if (matchers.length > 0 && isDrawn(point.key)) addToCurves(drawn, point);
    };
    const event = isShown
      ? (event: LogEvent, log: string) => {
        addFile(log === CODE_LOG ? codeFiles : files, event);
        captured.add(event);
        const [, about] = /^dbx\/(machine|python|code)$/.exec(event.event) ?? [];
        if (about !== undefined) surroundings[about] = event.data;
      }
      : undefined;
    await scanRun(item, { point, event, end: () => series.endLog() }, scanning);
    for (const [key, curve] of drawn) curves.push({ key, run: item, curve });
  }
  checkPlots(options.plots, [...series.series.map(({ key }) => key), ...curves.map(({ key }) => key)], run);
  return {
    ...found,
    runs,
    notes: await experiment.notes(),
    series: [...series.series].sort((a, b) => Number(isSystemSeries(a.key)) - Number(isSystemSeries(b.key))),
    files: [...files.values()],
    codeFiles: [...codeFiles.values()],
    surroundings,
    captured,
    output: run === undefined ? [] : await outputOf(run, options.lines),
    curves: curves.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.run.createdAt - b.run.createdAt)),
  };
}

function checkPlots(names: readonly string[], keys: readonly string[], run: Run | undefined): void {
  for (const name of names) {
    if (keys.some(seriesMatcher(name))) continue;
    if (run === undefined) throw new NotFoundError(`Cannot plot "${name}": the experiment has no run yet`);
    const known = namesOf(keys);
    const hint = didYouMean(name, known) || (known.size === 0 ? "; it has logged no numbers yet" : "");
    throw new NotFoundError(`Cannot plot "${name}": the run has no such series${hint}`);
  }
}

function addFile(files: Map<string, JsonObject>, { event, data }: LogEvent): void {
  const unkept = unkeptVersion({ event, data });
  if (unkept !== undefined && files.get(unkept.name)?.sha256 === unkept.sha256) files.delete(unkept.name);
  if (event !== FILE_EVENT || typeof data.file !== "object" || data.file === null) return;
  files.set(String(data.name), { ...data.file as JsonObject, name: data.name, size: data.size });
}

async function outputOf(run: Run, count: number): Promise<string[]> {
  if (count === 0 || !hasOutput(await run.logs())) return [];
  return (await run.log("stdout").last(count)).map((event) => String(event.data.text ?? ""));
}

function memo(f: (key: string) => boolean): (key: string) => boolean {
  const known = new Map<string, boolean>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, value = f(key));
    return value;
  };
}
