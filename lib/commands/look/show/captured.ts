import { isObject, type Json, type JsonObject } from "../../../base/json.ts";
import {
  CAPTURE_FAILED_EVENT,
  CAPTURED_EVENT,
  PARAMS_EVENT,
  SUMMARY_EVENT,
} from "../../../format/events/captured_event.ts";
import type { LogEvent } from "../../../format/events/event.ts";

/** What a package said of one of its runs. */
interface Said {
  /** The log of the run, and the name of its events. */
  readonly log?: string;
  events?: string;
  version?: string;
  /** Whether dbx's own stand-in was there in the place of the package. */
  isShim: boolean;
  /** What it calls the run, or its folder. */
  readonly names: Set<string>;
  id?: string;
  /** The id of the run that it is part of. */
  parent?: string;
  /** How it said that the run ended, if not well. */
  status?: string;
  params: JsonObject;
  summary: JsonObject;
  labels: JsonObject;
  readonly failures: JsonObject[];
}

/** What packages such as wandb said of a run. */
export class Captured {
  /** Each package's own runs, by the name of the package: one is the rule, but scripts have several, and so do processes. */
  readonly by = new Map<string, Said[]>();

  /** Takes an event of any log. */
  add({ event, data }: LogEvent): void {
    if (!EVENTS.has(event) || typeof data.by !== "string") return;
    const said = this.#runOf(data.by, textOf(data.log), textOf(data.events));
    if (typeof data.version === "string") said.version = data.version;
    if (data.shim === true) said.isShim = true;
    // A writer has a folder in the place of a name.
    const name = textOf(data.name) ?? (data.run === undefined ? textOf(data.folder) : undefined);
    if (name !== undefined && event === CAPTURED_EVENT) said.names.add(name);
    said.id = textOf(data.run) ?? said.id;
    said.parent = textOf(data.parent) ?? said.parent;
    said.status = textOf(data.status) ?? said.status;
    if (isObject(data.params)) said.params = merged(said.params, data.params);
    if (isObject(data.summary)) said.summary = merged(said.summary, data.summary);
    if (isObject(data.labels)) said.labels = merged(said.labels, data.labels);
    if (event === CAPTURE_FAILED_EVENT) said.failures.push({ where: data.where ?? null, error: data.error ?? null });
  }

  /** The run of these events; what does not say of which run it is belongs to the first one of its log. */
  #runOf(by: string, log: string | undefined, events: string | undefined): Said {
    let runs = this.by.get(by);
    if (runs === undefined) this.by.set(by, runs = []);
    const same = runs.filter((said) => said.log === log || log === undefined);
    let said = same.find((said) => events === undefined || said.events === events || said.events === undefined);
    if (said === undefined) {
      runs.push(said = { log, isShim: false, names: new Set(), params: {}, summary: {}, labels: {}, failures: [] });
    }
    said.events ??= events;
    return said;
  }

  /** For `--json`: the first run of each package, and in `further` its other ones. */
  asObject(): JsonObject {
    if (this.by.size === 0) return {};
    const packages = Array.from(this.by, ([name, [first, ...others]]) => {
      const further = others.map((said) => ({ ...placeOf(said), ...objectOf(said) }));
      return [name, { ...objectOf(first), ...further.length > 0 && { further } }];
    });
    return { captured: Object.fromEntries(packages) };
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function placeOf({ log, events }: Said): JsonObject {
  return { ...log !== undefined && { log }, ...events !== undefined && { events } };
}

function objectOf({ version, isShim, names, parent, status, params, summary, labels, failures }: Said): JsonObject {
  const parts = Object.entries({ params, summary, labels, failures });
  return {
    ...version !== undefined && { version },
    ...isShim && { shim: true },
    ...names.size > 0 && { names: [...names] },
    ...parent !== undefined && { parent },
    ...status !== undefined && { status },
    ...Object.fromEntries(parts.filter(([, part]) => Object.keys(part).length > 0)),
  };
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

/** Of more runs of a package than this, the rest is counted. */
const MAX_RUNS = 12;

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
  for (const [name, runs] of by) {
    for (const said of runs.slice(0, MAX_RUNS)) {
      const { params, summary, labels, failures } = said;
      lines.push(["captured", headOf(name, said, runs)], ["  log", logOf(said, runs)]);
      lines.push(["  params", pairs(params)], ["  labels", pairs(labels)], ["  summary", pairs(summary)]);
      for (const { where, error } of failures) {
        lines.push(["  failed", `${cell(where)}: ${cell(error)}; what it logged there is not recorded`]);
      }
    }
    const left = runs.length - MAX_RUNS;
    if (left > 0) lines.push(["captured", `${name}, ${left} more ${left === 1 ? "run" : "runs"}; --json lists them`]);
  }
  return lines;
}

function headOf(name: string, { version, isShim, names, parent, status }: Said, runs: readonly Said[]): string {
  const of = runs.find(({ id }) => id !== undefined && id === parent);
  return [
    `${name}${version === undefined ? "" : ` ${version}`}${isShim ? " (dbx's stand-in)" : ""}`,
    ...names.size > 0 ? [`run ${[...names].join(", ")}`] : [],
    ...parent === undefined ? [] : [`part of the run ${[...of?.names ?? []].at(-1) ?? parent}`],
    ...status === undefined ? [] : [`ended as ${status}`],
  ].join(", ");
}

/** Of several runs each says where its values are: the log, and the name of the events. */
function logOf({ log, events }: Said, runs: readonly Said[]): string {
  if (runs.length === 1 || log === undefined) return "";
  return events === undefined ? log : `${log}, events ${events}`;
}
