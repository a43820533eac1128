import { UsageError } from "../../base/errors.ts";
import type { Json } from "../../base/json.ts";
import { didYouMean } from "../../base/suggest.ts";
import { keysFor, namesOf } from "../../index/series_name.ts";
import { type SeriesSummary, summarizeRun } from "../../index/series_summary.ts";
import type { Experiment } from "../../repo/experiment.ts";
import type { Notes } from "../../repo/notes.ts";
import type { Run } from "../../repo/run.ts";
import type { RunStatus } from "../../repo/status.ts";
import type { Summaries } from "./summaries.ts";

/** One experiment of a list; what costs reading is read when it is asked for. */
export class Row {
  #run: Promise<Run | undefined> | undefined;
  #runs: Promise<Run[]> | undefined;
  #status: Promise<RunStatus> | undefined;
  #notes: Promise<Notes> | undefined;
  #series: Promise<ReadonlyMap<string, SeriesSummary>> | undefined;

  constructor(
    readonly experiment: Experiment,
    readonly now: number,
    readonly onBadLine: () => void,
    /** What is known of series; what is not is read from the logs. */
    readonly summaries?: Summaries,
  ) {}

  runs(): Promise<Run[]> {
    return this.#runs ??= this.experiment.runs();
  }
  /** The latest run. */
  run(): Promise<Run | undefined> {
    return this.#run ??= this.runs().then((runs) => runs.at(-1));
  }
  status(): Promise<RunStatus> {
    return this.#status ??= this.experiment.latestStatus(this.now).then((status) => status ?? { status: "unknown" });
  }
  notes(): Promise<Notes> {
    return this.#notes ??= this.experiment.notes();
  }
  /** Those of the latest run. */
  series(): Promise<ReadonlyMap<string, SeriesSummary>> {
    return this.#series ??= this.run().then((run) => {
      if (run === undefined) return new Map();
      const known = this.summaries?.get(run.folder);
      return known ?? summarizeRun(run, { onProblem: this.onBadLine });
    });
  }
}

/** A column: its name, and its exact value for an experiment. */
export interface Column {
  readonly name: string;
  value(row: Row): Promise<Json | undefined> | Json | undefined;
  /** What is to be said of the column once its values are there: that nothing, or more than one thing, has the name. */
  remark?(): string | undefined;
}

const finite = (value: number | undefined): Json | undefined =>
  value === undefined || Number.isNaN(value) ? undefined : value;

const FIXED: Readonly<Record<string, Column["value"]>> = {
  id: (row) => row.experiment.id,
  name: (row) => row.experiment.name,
  kind: (row) => row.experiment.kind,
  status: async (row) => (await row.status()).status,
  lost: async (row) => (await row.status()).lost,
  created: (row) => finite(row.experiment.createdAt),
  age: (row) => finite(row.now - row.experiment.createdAt),
  duration: async (row) => finite((await row.status()).durationMs),
  runs: async (row) => (await row.runs()).length,
  tags: async (row) => [...(await row.notes()).tags],
  host: async (row) => (await row.run())?.definition.hostname,
  command: async (row) => (await row.run())?.definition.cmd,
};

const STATISTICS = ["first", "last", "min", "max", "count"] as const;

/** Whether a column is of a series, whose points have to be known. */
export function isSeriesColumn(name: string): boolean {
  return STATISTICS.some((word) => name.startsWith(`${word}:`));
}

/** The column of a name. Throws `UsageError`, with the near name, where no experiment could have it. */
export function columnOf(name: string, experiments: readonly Experiment[]): Column {
  if (Object.hasOwn(FIXED, name)) return { name, value: FIXED[name] };
  if (name.startsWith("params.")) {
    const path = name.slice("params.".length);
    const column: Column = { name, value: (row) => dig(row.experiment.params, path) };
    if (experiments.length === 0 || experiments.some((item) => dig(item.params, path) !== undefined)) return column;
    const known = new Set(experiments.flatMap((item) => Object.keys(item.params).map((key) => `params.${key}`)));
    throw new UsageError(`Cannot show the column "${name}": no experiment has that param${didYouMean(name, known)}`);
  }
  const colon = name.indexOf(":");
  const statistic = STATISTICS.find((word) => word === name.slice(0, colon));
  if (statistic !== undefined) return seriesColumn(name, statistic, name.slice(colon + 1));
  if (experiments.some((item) => dig(item.extra, name) !== undefined)) {
    return { name, value: (row) => dig(row.experiment.extra, name) };
  }
  const known = [
    ...Object.keys(FIXED),
    ...STATISTICS.map((word) => word + name.slice(Math.max(0, colon))),
    `params.${name}`,
  ];
  throw new UsageError(
    `Cannot show the column "${name}": there is none such${didYouMean(name, known) || "; see dbx ls --help"}`,
  );
}

function seriesColumn(name: string, statistic: typeof STATISTICS[number], wanted: string): Column {
  const seen = new Set<string>();
  const used = new Set<string>();
  let several: readonly string[] | undefined;
  return {
    name,
    async value(row) {
      const series = await row.series();
      for (const key of series.keys()) seen.add(key);
      const keys = keysFor(wanted, series.keys());
      if (keys.length > 1) several ??= keys;
      if (keys.length === 0) return undefined;
      used.add(keys[0]);
      return series.get(keys[0])![statistic];
    },
    remark() {
      if (used.size === 0 && seen.size > 0) {
        return `no run that is listed has the series "${wanted}"${didYouMean(wanted, namesOf(seen))}`;
      }
      if (several === undefined) return undefined;
      const list = several.slice(0, 4).join(", ") + (several.length > 4 ? ", …" : "");
      return `"${wanted}" means several series (${list}); the first of them is shown, a whole key chooses`;
    },
  };
}

/** The params in which experiments differ, most common first, as columns. */
export function differingParams(experiments: readonly Experiment[], most: number): string[] {
  const values = new Map<string, Set<string>>();
  for (const { params } of experiments) {
    for (const key of Object.keys(params)) {
      let seen = values.get(key);
      if (seen === undefined) values.set(key, seen = new Set());
      seen.add(JSON.stringify(params[key]));
    }
  }
  const all = [...values].filter(([, seen]) => seen.size > 1 || experiments.length === 1);
  return all.slice(0, most).map(([key]) => `params.${key}`);
}

/** Compares for a sort: numbers as numbers, before texts; what is absent or NaN last, either way. */
export function compare(a: Json | undefined, b: Json | undefined, turn: 1 | -1): number {
  const absent = (value: Json | undefined) => value === undefined || value === null || Number.isNaN(value);
  if (absent(a) || absent(b)) return Number(absent(a)) - Number(absent(b));
  if (typeof a === "number" && typeof b === "number") return a < b ? -turn : a > b ? turn : 0;
  if (typeof a === "number" || typeof b === "number") return typeof a === "number" ? -turn : turn;
  const [left, right] = [textOf(a), textOf(b)];
  return left < right ? -turn : left > right ? turn : 0;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function dig(value: Json | undefined, path: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const head = path.slice(0, dot);
    const found = Object.hasOwn(value, head) ? dig(value[head], path.slice(dot + 1)) : undefined;
    if (found !== undefined) return found;
  }
}
