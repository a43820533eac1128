import { isObject, type Json, type JsonObject } from "../../../base/json.ts";
import {
  CAPTURE_FAILED_EVENT,
  CAPTURED_EVENT,
  PARAMS_EVENT,
  SUMMARY_EVENT,
} from "../../../format/events/captured_event.ts";
import type { LogEvent } from "../../../format/events/event.ts";

/** What one package said of a run. */
interface Said {
  version?: string;
  /** What it calls the run or runs. */
  readonly names: Set<string>;
  params: JsonObject;
  summary: JsonObject;
  labels: JsonObject;
  readonly failures: JsonObject[];
}

/** What packages such as wandb said of a run, by the name of the package. */
export class Captured {
  readonly by = new Map<string, Said>();

  /** Takes an event of any log. */
  add({ event, data }: LogEvent): void {
    if (!EVENTS.has(event) || typeof data.by !== "string") return;
    let said = this.by.get(data.by);
    if (said === undefined) {
      this.by.set(data.by, said = { names: new Set(), params: {}, summary: {}, labels: {}, failures: [] });
    }
    if (typeof data.version === "string") said.version = data.version;
    if (typeof data.name === "string") said.names.add(data.name);
    if (isObject(data.params)) said.params = merged(said.params, data.params);
    if (isObject(data.summary)) said.summary = merged(said.summary, data.summary);
    if (isObject(data.labels)) said.labels = merged(said.labels, data.labels);
    if (event === CAPTURE_FAILED_EVENT) said.failures.push({ where: data.where ?? null, error: data.error ?? null });
  }

  /** For `--json`. */
  asObject(): JsonObject {
    if (this.by.size === 0) return {};
    const packages = Array.from(this.by, ([name, { version, names, ...said }]) => {
      const parts = Object.entries(said).filter(([, part]) => Object.keys(part).length > 0);
      const known = { ...version !== undefined && { version }, ...names.size > 0 && { names: [...names] } };
      return [name, { ...known, ...Object.fromEntries(parts) }];
    });
    return { captured: Object.fromEntries(packages) };
  }
}

const EVENTS: ReadonlySet<string> = new Set([CAPTURED_EVENT, PARAMS_EVENT, SUMMARY_EVENT, CAPTURE_FAILED_EVENT]);

/** Later values win; those of objects in one another too. */
function merged(first: JsonObject, second: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

/** Of more params than this, the rest is counted: frameworks state hundreds. */
const MAX_PAIRS = 24;

/** Lines about what packages said of a run, each with its label. */
export function capturedWords(
  { by }: Captured,
  cell: (value: Json) => string,
): (readonly [label: string, text: string])[] {
  const lines: [string, string][] = [];
  const pairs = (values: JsonObject) => {
    const all = Object.entries(values).map(([key, value]) => `${key}=${cell(value)}`);
    const left = all.length - MAX_PAIRS;
    return [...all.slice(0, MAX_PAIRS), ...left > 0 ? [`(${left} more; --json lists them)`] : []].join("  ");
  };
  for (const [name, { version, names, params, summary, labels, failures }] of by) {
    const called = names.size === 0 ? "" : `, run ${[...names].join(", ")}`;
    lines.push(["captured", `${name}${version === undefined ? "" : ` ${version}`}${called}`]);
    lines.push(["  params", pairs(params)], ["  labels", pairs(labels)], ["  summary", pairs(summary)]);
    for (const { where, error } of failures) {
      lines.push(["  failed", `${cell(where)}: ${cell(error)}; what it logged there is not recorded`]);
    }
  }
  return lines;
}
