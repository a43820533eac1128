import { isObject, type Json } from "../../base/json.ts";
import { DamageError } from "../../base/errors.ts";
import { databaseState } from "../files/database_copy.ts";
import { type Cell, ForeignDatabase, type Row, textOf } from "../files/foreign_database.ts";
import type { ForeignData, ForeignRecord, ReadOptions } from "../foreign.ts";
import { described, parseForeignJson } from "../values.ts";
import { artifactRecords, ArtifactsElsewhere } from "./artifacts.ts";
import { endRecord, type MlflowExperiment, type MlflowRun, pointRecord, runRecord, valueOfSql } from "./mlflow_run.ts";

/** The table that grows, and what is read of it. */
const METRICS = ["key", "value", "timestamp", "run_uuid", "step", "is_nan"];

/** How far the metrics were read: the last row, and what it held, as a row that was removed gives its number to another one. */
interface Place {
  readonly row: number;
  readonly held: string;
}

/** Reads `mlflow.db`. Its metrics come in the order of their rows; each run has one log of them. */
export async function* readDatabase(
  path: string,
  name: string,
  options: ReadOptions,
): AsyncGenerator<readonly ForeignRecord[]> {
  const root = path.slice(0, path.lastIndexOf("/")) || "/";
  const state = await databaseState(path);
  if (options.mayGrow && options.positions.get(`${name} state`) === state) return;
  using database = await ForeignDatabase.open(path, await options.scratch(), options.signal);
  if (!database.columns("runs").has("run_uuid")) {
    throw new DamageError(`Cannot read "${path}": it has no table of MLflow's runs`);
  }
  const problems: ForeignRecord[] = [];
  const onLost = (what: string): void =>
    void problems.push({ type: "problem", file: name, what, advice: "the other rows were read" });
  const runs = runsOf(database, onLost);
  const place = placeOf(database, options.positions.get(name));
  yield [{ type: "source", source: name, restarts: place === undefined }, ...problems];
  yield* batches(runs.values().map(runRecord));
  yield* metrics(database, name, runs, place);
  yield* datasets(database, name, runs, onLost);
  const elsewhere = new ArtifactsElsewhere();
  for (const run of runs.values()) {
    options.signal?.throwIfAborted();
    const records = await artifactRecords(run, { root, file: name }, elsewhere);
    if (records.length > 0) yield records;
  }
  const problem = elsewhere.problem(name);
  if (problem !== undefined) yield [problem];
  yield* batches(runs.values().map(endRecord).filter((end) => end !== undefined));
  yield [{ type: "source", source: `${name} state` }, { type: "position", state }];
}

function* batches(records: Iterable<ForeignRecord>): Generator<readonly ForeignRecord[]> {
  const batch: ForeignRecord[] = [];
  for (const record of records) {
    batch.push(record);
    if (batch.length === 1000) yield batch.splice(0);
  }
  if (batch.length > 0) yield batch;
}

function* metrics(
  database: ForeignDatabase,
  name: string,
  runs: ReadonlyMap<string, MlflowRun>,
  from: Place | undefined,
): Generator<readonly ForeignRecord[]> {
  for (const chunk of database.rows("metrics", METRICS, from?.row)) {
    if ("lost" in chunk) {
      const { from, to, why } = chunk.lost;
      const what = `metrics up to row ${to ?? "the last one"} cannot be read (${why})`;
      yield [{ type: "problem", file: name, at: { unit: "row", number: from }, what, advice: "the others were read" }];
      continue;
    }
    const records: ForeignRecord[] = [];
    for (const row of chunk.rows) {
      const [at, key, value, timestamp, run, step, isNaN] = row;
      const id = textOf(run);
      const label = textOf(key);
      if (id === undefined || label === undefined || typeof value !== "number" || !runs.has(id)) {
        const what = "a metric without a run, a key or a number";
        records.push({ type: "problem", file: name, at: { unit: "row", number: at }, what, advice: "it is left out" });
        continue;
      }
      records.push(pointRecord({
        run: id,
        key: label,
        value: valueOfSql(value, Number(isNaN) === 1),
        step: typeof step === "number" ? step : textOf(step) ?? 0,
        timestamp: typeof timestamp === "number" ? timestamp : undefined,
      }));
    }
    const last = chunk.rows[chunk.rows.length - 1];
    records.push({ type: "position", state: { row: last[0], held: heldBy(last) } });
    yield records;
  }
}

/** Where reading goes on; undefined: at the start, as the rows are not those that were read. */
function placeOf(database: ForeignDatabase, state: Json | undefined): Place | undefined {
  if (!isObject(state) || typeof state.row !== "number") return undefined;
  const row = database.row("metrics", METRICS, state.row);
  return row !== undefined && heldBy(row) === state.held ? { row: state.row, held: heldBy(row) } : undefined;
}

function heldBy([, ...cells]: Row): string {
  return JSON.stringify(cells.map((cell) => typeof cell === "object" ? textOf(cell) ?? null : cell));
}

/** The data sets that runs have named as their inputs. */
function* datasets(
  database: ForeignDatabase,
  name: string,
  runs: ReadonlyMap<string, MlflowRun>,
  onLost: (what: string) => void,
): Generator<readonly ForeignRecord[]> {
  const columns = ["name", "digest", "dataset_source_type", "dataset_source", "dataset_schema", "dataset_profile"];
  const sets = new Map<string, Record<string, unknown>>();
  for (const [, id, ...cells] of database.allRows("datasets", ["dataset_uuid", ...columns], onLost)) {
    sets.set(text(id), Object.fromEntries(cells.map((cell, at) => [columns[at], valueOfText(textOf(cell))])));
  }
  const contexts = new Map<string, string>();
  for (const [, id, label, value] of database.allRows("input_tags", ["input_uuid", "name", "value"], onLost)) {
    if (text(label) === "mlflow.data.context") contexts.set(text(id), text(value));
  }
  const records: ForeignRecord[] = [{ type: "source", source: `${name} inputs` }];
  const wanted = ["input_uuid", "source_id", "destination_id"];
  for (const [, id, set, run] of database.allRows("inputs", wanted, onLost)) {
    const known = runs.get(text(run));
    const data = sets.get(text(set));
    if (known === undefined || data === undefined) continue;
    const context = contexts.get(text(id));
    records.push({
      type: "event",
      run: known.id,
      log: "datasets",
      name: "dataset",
      ts: known.startTime,
      data: { dataset: described("dataset", (context === undefined ? data : { ...data, context }) as ForeignData) },
    });
  }
  if (records.length > 1) yield* batches(records);
}

function runsOf(database: ForeignDatabase, onLost: (what: string) => void): Map<string, MlflowRun> {
  const byKey = (table: string, owner: string): Map<string, Map<string, string>> => {
    const all = new Map<string, Map<string, string>>();
    for (const [, id, key, value] of database.allRows(table, [owner, "key", "value"], onLost)) {
      const of = text(id);
      if (!all.has(of)) all.set(of, new Map());
      all.get(of)!.set(text(key), text(value));
    }
    return all;
  };
  const experimentTags = byKey("experiment_tags", "experiment_id");
  const experiments = new Map<string, MlflowExperiment>();
  const experimentColumns = ["experiment_id", "name", "lifecycle_stage", "creation_time"];
  for (const [, id, label, stage, createdAt] of database.allRows("experiments", experimentColumns, onLost)) {
    experiments.set(text(id), {
      id: text(id),
      name: text(label),
      createdAt: number(createdAt),
      isDeleted: text(stage) === "deleted",
      tags: experimentTags.get(text(id)) ?? new Map(),
    });
  }
  const params = byKey("params", "run_uuid");
  const tags = byKey("tags", "run_uuid");
  const runs = new Map<string, MlflowRun>();
  const columns = [
    "run_uuid",
    "experiment_id",
    "name",
    "status",
    "start_time",
    "end_time",
    "lifecycle_stage",
    "artifact_uri",
  ];
  for (const [, id, experiment, label, status, start, end, stage, uri] of database.allRows("runs", columns, onLost)) {
    const key = text(id);
    if (key === "") continue;
    const experimentId = text(experiment);
    runs.set(key, {
      id: key,
      experiment: experiments.get(experimentId) ??
        { id: experimentId, name: experimentId, isDeleted: false, tags: new Map() },
      name: textOf(label),
      status: textOf(status),
      startTime: number(start),
      endTime: number(end),
      isDeleted: text(stage) === "deleted",
      artifactUri: textOf(uri),
      params: params.get(key) ?? new Map(),
      tags: tags.get(key) ?? new Map(),
    });
  }
  return runs;
}

function text(cell: Cell): string {
  return textOf(cell) ?? "";
}

function number(cell: Cell): number | undefined {
  return typeof cell === "number" ? cell : undefined;
}

/** Descriptions of data sets are JSON. */
function valueOfText(text: string | undefined): unknown {
  if (text === undefined || !/^\s*[{[]/.test(text)) return text ?? null;
  try {
    return parseForeignJson(text);
  } catch {
    return text;
  }
}
