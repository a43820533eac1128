import type { JsonObject } from "../../base/json.ts";
import { TOO_MANY_LEAVES, TOO_MANY_SERIES } from "../../index/pack/pack_footer.ts";
import type { KnownParts, KnownSeries } from "../bind/check_data.ts";
import type { ExperimentRows, LogRows, Rows } from "../snapshot/rows/rows.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { EXPERIMENTS } from "./entities/experiments.ts";
import { RUNS } from "./entities/runs.ts";

/** The parts of JSON that a snapshot has. */
export function knownParts({ experiments, runs, logs }: Snapshot): KnownParts {
  return {
    objects: (table, family) => {
      if (table === "experiments" && family === "params") return paramsOf(experiments);
      const own = table === "experiments" ? EXPERIMENTS.families[family] : undefined;
      if (own !== undefined) return lazily(experiments, own.json);
      const ofRuns = RUNS.families[family];
      return ofRuns === undefined ? [] : lazily(runs, ofRuns.json);
    },
    leaves: () => leavesIn(logs),
  };
}

function* paramsOf(experiments: ExperimentRows): Generator<JsonObject> {
  for (let number = 0; number < experiments.length; number++) yield experiments.params(number);
}

function lazily<Row, Of>(rows: Rows<Row>, of: (row: Row) => Of): Iterable<Of> {
  return { [Symbol.iterator]: () => rows[Symbol.iterator]().map(of) };
}

/** The names of the leaves of events, each once; none where the index does not know all of them. */
function leavesIn(logs: LogRows): ReadonlySet<string> {
  const names = new Set<string>();
  for (let number = 0; number < logs.length; number++) {
    if (!logs.hasPoints(number)) continue;
    const parts = logs.parts(number);
    if (parts === undefined) return names;
    for (const { pack, part } of parts) if (pack.directory.parts.flags[part] & TOO_MANY_LEAVES) return names;
  }
  for (const { directory: { series, leaves, strings } } of logs.packs()) {
    const seen = new Set<number>();
    for (const { path, length } of [series, leaves]) for (let at = 0; at < length; at++) seen.add(path[at]);
    for (const string of seen) names.add(strings[string]);
  }
  return names;
}

/** What was found out about the logs of snapshots, which stay as they are. */
const found = new WeakMap<LogRows, { knowsAll?: boolean; series?: readonly KnownSeries[] }>();

function foundOf(logs: LogRows): { knowsAll?: boolean; series?: readonly KnownSeries[] } {
  let known = found.get(logs);
  if (known === undefined) found.set(logs, known = {});
  return known;
}

/** Whether the index has every series: it leaves out logs that have too many. */
export function knowsAllSeries({ logs }: Snapshot): boolean {
  return foundOf(logs).knowsAll ??= hasAllSeries(logs);
}

function hasAllSeries(logs: LogRows): boolean {
  let mayLack = false;
  for (const { directory: { parts: { flags, length } } } of logs.packs()) {
    for (let part = 0; part < length; part++) mayLack ||= (flags[part] & TOO_MANY_SERIES) !== 0;
  }
  if (!mayLack) return true;
  for (let number = 0; number < logs.length; number++) {
    if (logs.hasPoints(number) && logs.parts(number) === undefined) return false;
  }
  return true;
}

/**
 * The series in the packs that hold the logs of a snapshot, each name once: those of other logs are not mistakes
 * either.
 */
export function knownSeries({ logs }: Snapshot): readonly KnownSeries[] {
  return foundOf(logs).series ??= seriesIn(logs);
}

function seriesIn(logs: LogRows): KnownSeries[] {
  const known = new Map<string, KnownSeries>();
  for (const { directory: { series, groups, strings } } of logs.packs()) {
    const seen = new Set<number>();
    for (let at = 0; at < series.length; at++) {
      const pattern = groups.pattern[series.group[at]];
      const pair = pattern * strings.length + series.path[at];
      if (seen.has(pair)) continue;
      seen.add(pair);
      const key = strings[series.path[at]];
      const name = `${strings[pattern]}:${key}`;
      known.set(name, { series: name, key });
    }
  }
  return [...known.values()];
}
