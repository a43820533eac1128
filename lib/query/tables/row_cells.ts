import type { Json, JsonObject } from "../../base/json.ts";
import { meanOf, seriesKey, type SeriesRow } from "../../index/series_table.ts";
import type { ExperimentRow, LogRow, RunRow } from "../snapshot/snapshot.ts";
import { type Cell, cellOf, dig, finiteOrInfinite } from "../result/cell.ts";

/** The cells of a column of `experiments`, of its own columns or a part of `params` or `meta`. */
export function experimentCell(column: string, path?: readonly string[]): (row: ExperimentRow) => Cell {
  if (path !== undefined) return (row) => cellOf(digIn(experimentFamily(row, column), path));
  return EXPERIMENT[column];
}

/** The JSON that the parts of a family are in. */
export function experimentFamily({ experiment }: ExperimentRow, family: string): JsonObject | undefined {
  return family === "params" ? experiment.params : experiment.extra;
}

const EXPERIMENT: Readonly<Record<string, (row: ExperimentRow) => Cell>> = {
  repo: (row) => row.source.name,
  exp: (row) => row.experiment.id,
  id: (row) => row.experiment.id,
  kind: (row) => row.experiment.kind,
  name: (row) => row.experiment.name,
  created_at: (row) => finiteOrInfinite(row.experiment.createdAt),
  status: (row) => row.status?.status ?? "unknown",
  runs: (row) => row.runs,
  tags: (row) => JSON.stringify(row.notes.tags),
  params: (row) => JSON.stringify(row.experiment.params),
  meta: (row) => JSON.stringify(row.experiment.extra),
  version: (row) => row.experiment.version,
};

/** The cells of a column of `runs`, of its own columns or a part of `env`, `git` or `extra`. */
export function runCell(column: string, path?: readonly string[]): (row: RunRow) => Cell {
  if (path !== undefined) return (row) => cellOf(digIn(runFamily(row, column), path));
  return RUN[column];
}

/** The JSON that the parts of a family are in. */
export function runFamily({ run: { definition } }: RunRow, family: string): JsonObject | undefined {
  if (family === "extra") return definition.extra;
  return family === "env" ? definition.env : definition.git;
}

const RUN: Readonly<Record<string, (row: RunRow) => Cell>> = {
  repo: (row) => row.exp.source.name,
  exp: (row) => row.exp.experiment.id,
  run: (row) => row.run.id,
  created_at: (row) => finiteOrInfinite(row.run.createdAt),
  status: (row) => row.status?.status ?? "unknown",
  started_at: (row) => row.status?.startedAt ?? null,
  ended_at: (row) => row.status?.endedAt ?? null,
  duration_ms: (row) => row.status?.durationMs ?? null,
  exit_code: (row) => row.status?.exitCode ?? null,
  signal: (row) => row.status?.signal ?? null,
  lost_events: (row) => row.status?.lost ?? 0,
  cmd: (row) => cellOf(row.run.definition.cmd),
  pwd: (row) => row.run.definition.pwd ?? null,
  script: (row) => row.run.definition.script ?? null,
  hostname: (row) => row.run.definition.hostname ?? null,
  env: (row) => cellOf(row.run.definition.env),
  git: (row) => cellOf(row.run.definition.git),
  extra: (row) => JSON.stringify(row.run.definition.extra),
};

/** The cells of a column of `logs`. */
export function logCell(column: string): (row: LogRow) => Cell {
  return LOG[column];
}

const LOG: Readonly<Record<string, (row: LogRow) => Cell>> = {
  repo: (row) => row.run.exp.source.name,
  exp: (row) => row.run.exp.experiment.id,
  run: (row) => row.run.run.id,
  log: (row) => row.name,
  bytes: (row) => row.file.size,
};

/** The cells of a column of `metrics`, and of those of `points` that all points of a series share. */
export function seriesCell(column: string): (row: SeriesRow) => Cell {
  return SERIES[column];
}

const SERIES: Readonly<Record<string, (row: SeriesRow) => Cell>> = {
  repo: (row) => row.log.run.exp.source.name,
  exp: (row) => row.exp,
  run: (row) => row.log.run.run.id,
  log: (row) => row.log.name,
  series: seriesKey,
  event: (row) => row.event,
  key: (row) => row.key,
  count: (row) => row.count,
  first: (row) => finiteOrInfinite(row.first),
  last: (row) => finiteOrInfinite(row.last),
  min: (row) => finiteOrInfinite(row.min),
  max: (row) => finiteOrInfinite(row.max),
  mean: (row) => finiteOrInfinite(meanOf(row)),
  first_step: (row) => row.firstStep,
  last_step: (row) => row.lastStep,
  min_step: (row) => row.minStep,
  max_step: (row) => row.maxStep,
};

function digIn(json: JsonObject | undefined, path: readonly string[]): Json | undefined {
  return dig(json, path);
}
