import {
  type EndRecord,
  type EventRecord,
  type ForeignData,
  type ForeignValue,
  METRICS_EVENT,
  type RunRecord,
  SYSTEM_LOG,
} from "../foreign.ts";
import { setOwn } from "../../base/json.ts";
import { valueOfPythonText } from "../python_text.ts";
import { withStep } from "../event_parts.ts";
import { float, floatText } from "../values.ts";

/** A run as both of MLflow's stores describe it. */
export interface MlflowRun {
  readonly id: string;
  readonly experiment: MlflowExperiment;
  readonly name?: string;
  /** RUNNING, SCHEDULED, FINISHED, FAILED or KILLED. */
  readonly status?: string;
  readonly startTime?: number;
  readonly endTime?: number;
  readonly isDeleted: boolean;
  readonly artifactUri?: string;
  readonly params: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
}

/** What MLflow calls an experiment: a group of runs. */
export interface MlflowExperiment {
  readonly id: string;
  readonly name: string;
  readonly createdAt?: number;
  readonly isDeleted: boolean;
  readonly tags: ReadonlyMap<string, string>;
}

/** A value of a metric. */
export interface MlflowPoint {
  readonly run: string;
  readonly key: string;
  readonly value: number;
  readonly step: number | string;
  readonly timestamp: number | undefined;
}

/** Tags of MLflow's own that have a place of their own in dbx. */
const PLACED = [
  "mlflow.runName",
  "mlflow.note.content",
  "mlflow.parentRunId",
  "mlflow.source.name",
  "mlflow.source.type",
  "mlflow.source.git.commit",
  "mlflow.source.git.branch",
  "mlflow.source.git.repoURL",
  "mlflow.user",
];

/** Values that MLflow's SQL store keeps in the place of infinities. */
const LARGEST = Number.MAX_VALUE;

/** What is known of a run. */
export function runRecord(run: MlflowRun): RunRecord {
  const { experiment, tags } = run;
  const name = run.name ?? tags.get("mlflow.runName") ?? run.id;
  const note = tags.get("mlflow.note.content");
  const rest = sorted(tags).filter(([key]) => !PLACED.includes(key));
  const own = rest.filter(([key]) => !key.startsWith("mlflow."));
  const params: Record<string, ForeignValue> = {};
  for (const [key, text] of sorted(run.params)) setOwn(params, key, valueOfPythonText(text));
  const commit = tags.get("mlflow.source.git.commit");
  const branch = tags.get("mlflow.source.git.branch");
  const remote = tags.get("mlflow.source.git.repoURL");
  return {
    type: "run",
    key: run.id,
    kind: experiment.name,
    name: `${experiment.name}/${name}`,
    params,
    createdAt: run.startTime ?? experiment.createdAt ?? 0,
    extra: {
      mlflow: without({
        experiment_id: experiment.id,
        experiment_tags: experiment.tags.size > 0 ? Object.fromEntries(sorted(experiment.tags)) : undefined,
        run_id: run.id,
        parent_run_id: tags.get("mlflow.parentRunId"),
        tags: rest.length > 0 ? Object.fromEntries(rest) : undefined,
      }),
    },
    runExtra: without({ user: tags.get("mlflow.user"), source_type: tags.get("mlflow.source.type") }),
    script: tags.get("mlflow.source.name"),
    git: commit === undefined && branch === undefined && remote === undefined ? undefined : { commit, branch, remote },
    tags: [
      ...own.map(([key, value]) => tagOf(key, value)),
      ...run.isDeleted || experiment.isDeleted ? ["deleted"] : [],
    ],
    recordsEnd: true,
    notes: note === undefined || note.trim() === "" ? [] : [note],
  };
}

/** How a run ended; undefined where it has not. */
export function endRecord({ id, status, startTime, endTime }: MlflowRun): EndRecord | undefined {
  const ends = { FINISHED: "finished", FAILED: "failed", KILLED: "killed" } as const;
  if (status === undefined || !Object.hasOwn(ends, status)) return undefined;
  return { type: "end", run: id, status: ends[status as keyof typeof ends], ts: endTime ?? startTime ?? 0 };
}

/** The event of a value. One event holds one value: the store does not say which were logged together. */
export function pointRecord({ run, key, value, step, timestamp }: MlflowPoint): EventRecord {
  const isSystem = key.startsWith("system/");
  const log = isSystem ? SYSTEM_LOG : METRICS_EVENT;
  const plain = isSystem ? key.slice("system/".length) : key;
  const known = { type: "event", run, log, name: log, ts: timestamp } as const;
  // Most keys have no meaning of their own: then the line is put together as text.
  if (RESERVED.has(plain) || typeof step !== "number") {
    return { ...known, data: withStep(step, { [plain]: float(value) }) };
  }
  return { ...known, body: `{"step":${step},${quoted(plain)}:${floatText(value)}}` };
}

/** Keys that an event has for itself. */
const RESERVED: ReadonlySet<string> = new Set(["step", "event", "ts", "_dbx"]);

let lastKey = "";
let lastQuoted = '""';

function quoted(key: string): string {
  if (key !== lastKey) [lastKey, lastQuoted] = [key, JSON.stringify(key)];
  return lastQuoted;
}

/** The value that was logged: the SQL store has NaN as a flag, and the largest numbers for infinities. */
export function valueOfSql(value: number, isNaN: boolean): number {
  if (isNaN) return NaN;
  return Math.abs(value) === LARGEST ? Math.sign(value) * Infinity : value;
}

function tagOf(key: string, value: string): string {
  // deno-lint-ignore no-control-regex
  return `${key}=${value}`.replace(/[\x00-\x1f\x7f]+/g, " ").slice(0, 200).trim() || "tag";
}

function sorted(map: ReadonlyMap<string, string>): [string, string][] {
  return [...map].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
}

function without(values: Readonly<Record<string, ForeignValue | undefined>>): ForeignData {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ForeignData;
}
