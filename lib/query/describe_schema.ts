import { isObject, type JsonObject } from "../base/json.ts";
import { type Snapshot, type Source, takeSnapshot } from "./snapshot/snapshot.ts";
import { query, type QueryOptions } from "./query.ts";
import { EXPERIMENTS } from "./tables/entities/experiments.ts";
import { RUNS } from "./tables/entities/runs.ts";
import type { ColumnSpec, TableSpec } from "./schema/table_spec.ts";
import { STATISTICS } from "./schema/statistics.ts";
import { TABLES } from "./schema/tables.ts";

/** A table that can be asked, with the parts of JSON that there are. */
export interface DescribedTable {
  readonly name: string;
  readonly help: string;
  readonly columns: readonly DescribedColumn[];
  /** Those that `*` leaves out. */
  readonly hidden: readonly DescribedColumn[];
  /** Columns by dotted names, and how many rows have each. */
  readonly dotted: readonly { readonly name: string; readonly count: number }[];
  /** What else may stand before a dot. */
  readonly families: readonly string[];
}

interface DescribedColumn {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** What can be asked of some repositories. */
export interface DescribedSchema {
  readonly tables: readonly DescribedTable[];
  readonly keys: readonly { readonly key: string; readonly series: number; readonly points: number }[];
}

const KEYS = "SELECT key, count(*) AS series, sum(count) AS points FROM metrics GROUP BY key ORDER BY key";

/** Describes tables (default: all), and the keys of series where a table of series is among them. */
export async function describeSchema(
  sources: readonly Source[],
  options: QueryOptions & { readonly now: number; readonly tables?: readonly TableSpec[] },
): Promise<DescribedSchema> {
  const chosen = options.tables ?? TABLES;
  const needs = { status: false, runs: true, runStatus: false, logs: false, columns: false };
  const snapshot = await takeSnapshot(sources, needs, options);
  const keys: { key: string; series: number; points: number }[] = [];
  if (chosen.some(({ name }) => ["points", "metrics"].includes(name))) {
    using answer = await query(sources, KEYS, options);
    for await (const [key, series, points] of answer) {
      keys.push({ key: String(key), series: Number(series), points: Number(points) });
    }
  }
  const tables = chosen.map(({ name, help, columns, families, hidden = [], hasStatistics }) => ({
    name,
    help,
    columns: columns.map(described),
    hidden: [...hidden, ...hasStatistics ? STATISTIC : []].map(described),
    dotted: families.flatMap((family) => partsOf(snapshot, name, family).map(([name, count]) => ({ name, count }))),
    families,
  }));
  return { tables, keys };
}

/** What stands for all statistics of series. */
const STATISTIC: readonly ColumnSpec[] = [
  [`"min:<series>"`, "", `also ${STATISTICS.filter((it) => it !== "min").join(", ")}: of a series, over all runs`],
];

function described([name, type, help]: ColumnSpec): DescribedColumn {
  return { name, type, help };
}

/** The parts of params, metadata, environment or git that there are, and how many rows have each. */
function partsOf({ experiments, runs }: Snapshot, table: string, family: string): [name: string, count: number][] {
  const counts = new Map<string, number>();
  const visit = (prefix: string, json: JsonObject | undefined, depth: number): void => {
    for (const [key, value] of Object.entries(json ?? {})) {
      const name = `${prefix}.${key}`;
      if (depth < 4 && isObject(value)) visit(name, value as JsonObject, depth + 1);
      else counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  };
  if (table === "experiments") {
    for (const row of experiments) {
      visit(family, EXPERIMENTS.families[family].json(row), 0);
    }
  }
  if (table === "runs") { for (const row of runs) visit(family, RUNS.families[family].json(row), 0); }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
