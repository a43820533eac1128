import { isObject, type Json, type JsonObject } from "../../base/json.ts";
import type { KnownNames } from "../bind/check_data.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { EXPERIMENTS } from "./experiments.ts";
import { RUNS } from "./runs.ts";
import type { Pack } from "../../index/pack.ts";
import { dig } from "./values.ts";

/** How many names are looked through for suggestions, and how deep. */
const MOST_KNOWN = 10_000;
const DEEPEST = 4;

/** The names that a snapshot knows: what is not among them was probably misspelt. */
export function knownNames(snapshot: Snapshot): KnownNames {
  return {
    hasPath: (table, column, path) => {
      const all = jsonOf(snapshot, table, column);
      return all === undefined || some(all, (json) => dig(json, path) !== undefined);
    },
    paths: (table, column) => {
      const known = new Set<string>();
      for (const json of jsonOf(snapshot, table, column) ?? []) collect(known, column, json, 0);
      return known;
    },
    keys: () => namesIn(snapshot, (_, key) => key),
    series: () => namesIn(snapshot, (event, key) => `${event}:${key}`),
    // Logs with too many series are not in the index.
    isComplete: () => snapshot.logs.every(({ file, parts }) => !file.points || parts !== undefined),
  };
}

/** What the rows have in a column of JSON; undefined where that is not known without reading more. */
function jsonOf(
  { experiments, runs }: Snapshot,
  table: string,
  column: string,
): Iterable<JsonObject | undefined> | undefined {
  if (table === "experiments") {
    const family = EXPERIMENTS.families[column];
    if (family !== undefined) return lazily(experiments, family.json);
  }
  const family = table === "events" ? undefined : RUNS.families[column];
  return family && lazily(runs, family.json);
}

function lazily<Row, Of>(rows: readonly Row[], of: (row: Row) => Of): Iterable<Of> {
  return { [Symbol.iterator]: () => rows.values().map(of) };
}

function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

/** Names of series in the packs that hold these logs: those of other logs there are no mistakes either. */
function namesIn({ logs }: Snapshot, nameOf: (event: string, key: string) => string): Set<string> {
  const packs = new Set<Pack>();
  for (const { parts } of logs) for (const { pack } of parts ?? []) packs.add(pack);
  const names = new Set<string>();
  for (const { directory: { series, groups, strings } } of packs) {
    const seen = new Set<number>();
    for (let at = 0; at < series.length; at++) {
      const pattern = groups.pattern[series.group[at]];
      const pair = pattern * strings.length + series.path[at];
      if (seen.has(pair)) continue;
      seen.add(pair);
      names.add(nameOf(strings[pattern], strings[series.path[at]]));
    }
  }
  return names;
}

function collect(known: Set<string>, prefix: string, json: JsonObject | undefined, depth: number): void {
  for (const [key, value] of Object.entries<Json>(json ?? {})) {
    if (known.size >= MOST_KNOWN) return;
    const name = `${prefix}.${key}`;
    known.add(name);
    if (depth < DEEPEST && isObject(value)) collect(known, name, value as JsonObject, depth + 1);
  }
}
