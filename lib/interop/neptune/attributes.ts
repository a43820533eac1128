import { isObject } from "../../base/json.ts";
import { type ForeignValue, METRICS_EVENT, type RunRecord } from "../foreign.ts";
import type { ForeignRecord } from "../foreign.ts";
import { withStep } from "../event_parts.ts";
import { described, float, integer, setNested } from "../values.ts";
import type { NeptuneRow } from "./rows.ts";

/** What the single values of a run say. */
export class NeptuneRun {
  readonly #params: Record<string, ForeignValue> = {};
  readonly #sys = new Map<string, ForeignValue>();
  #tags: readonly string[] = [];
  #createdAt: number | undefined;

  constructor(readonly project: string, readonly id: string) {}

  get key(): string {
    return `${this.project}\n${this.id}`;
  }

  /** Takes a row, if it is a single value. */
  take(row: NeptuneRow): void {
    const path = textOf(row.attribute_path) ?? "";
    const value = valueOf(row);
    if (value === undefined) return;
    if (path === "sys/tags" && Array.isArray(value)) this.#tags = value.map(String);
    if (path === "sys/creation_time") this.#createdAt = timeOf(row.datetime_value);
    if (path.startsWith("sys/")) this.#sys.set(path.slice("sys/".length), value);
    else setNested(this.#params, path.split("/").filter((part) => part !== ""), value);
  }

  record(): RunRecord {
    const text = (key: string): string | undefined => textOf(this.#sys.get(key));
    const experiment = text("experiment/name");
    const name = experiment ?? text("name") ?? text("custom_run_id") ?? this.id;
    const note = text("description");
    return {
      type: "run",
      key: this.key,
      kind: this.project,
      name: `${this.project}/${name}`,
      params: this.#params,
      createdAt: this.#createdAt ?? 0,
      extra: { neptune: { run_id: this.id, ...Object.fromEntries([...this.#sys].sort(([a], [b]) => a < b ? -1 : 1)) } },
      hostname: text("hostname"),
      tags: this.#tags,
      notes: note === undefined || note === "" ? [] : [note],
    };
  }
}

/** The event of a value of a series; undefined for other rows. Each series has a log of its own. */
export function seriesRecord(run: string, row: NeptuneRow): ForeignRecord | undefined {
  const path = textOf(row.attribute_path) ?? "";
  const type = textOf(row.attribute_type);
  let value: ForeignValue | undefined;
  if (type === "float_series" && typeof row.float_value === "number") value = float(row.float_value);
  else if (type === "string_series") value = textOf(row.string_value);
  else if (type === "histogram_series" && isObject(row.histogram_value)) {
    value = described("histogram", plain(row.histogram_value) as never);
  }
  if (value === undefined) return undefined;
  const step = typeof row.step === "number" ? row.step : undefined;
  return {
    type: "event",
    run,
    log: `metrics.${path}`,
    name: METRICS_EVENT,
    ts: timeOf(row.timestamp),
    data: withStep(step, { [path]: value }),
  };
}

function valueOf(row: NeptuneRow): ForeignValue | undefined {
  switch (row.attribute_type) {
    case "int":
      return typeof row.int_value === "bigint" || typeof row.int_value === "number"
        ? integer(row.int_value)
        : undefined;
    case "float":
      return typeof row.float_value === "number" ? float(row.float_value) : undefined;
    case "string":
      return textOf(row.string_value);
    case "bool":
      return typeof row.bool_value === "boolean" ? row.bool_value : undefined;
    case "datetime":
      return row.datetime_value instanceof Date ? row.datetime_value.toISOString() : undefined;
    case "string_set":
      return Array.isArray(row.string_set_value) ? row.string_set_value.map(String) : undefined;
  }
}

/** Values of Parquet as those of JSON. */
function plain(value: unknown): ForeignValue {
  if (typeof value === "bigint") return integer(value);
  if (typeof value === "number") return Number.isInteger(value) ? value : float(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (!isObject(value)) return (value ?? null) as ForeignValue;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function timeOf(value: unknown): number | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
}

/** The text of a cell. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
