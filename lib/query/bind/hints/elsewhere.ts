import { TABLES } from "../../schema/tables.ts";
import type { TableSpec } from "../../schema/table_spec.ts";
import type { Instance } from "../bound.ts";

/** In which order tables are thought of. */
const LIKELY = ["experiments", "runs", "points", "metrics", "events", "files", "notes", "logs"];

/** Columns of metrics that are functions of points. */
const OF_POINTS: Readonly<Record<string, string>> = {
  ...{ min: "min(value)", max: "max(value)", mean: "avg(value)", count: "count(*)" },
};

/**
 * A column of a table that the FROM lacks, with the join that adds it.
 *
 * @param called What the query calls the table that it lacks.
 */
export function elsewhere(
  texts: readonly string[],
  instances: readonly Instance[],
  called?: string,
): string | undefined {
  const [first] = texts;
  const beside = instances.findLast(({ source }) => source.kind === "table");
  if (beside === undefined || beside.source.kind !== "table") return undefined;
  const own = new Set(instances.flatMap(({ source }) => source.kind === "table" ? [source.table.name] : []));
  const has = (table: TableSpec) => !own.has(table.name) && hasColumn(table, first, texts.length > 1);
  const tables = LIKELY.flatMap((name) => TABLES.filter((table) => table.name === name)).filter(has);
  // What is of a run is found with the run.
  const ofRun = isOfRun(beside.source.table) ? tables.find(({ name }) => name === "runs") : undefined;
  const table = ofRun ?? tables[0];
  if (table === undefined) return undefined;
  const names = [beside.source.table.name, table.name];
  if (names.includes("points") && names.includes("metrics")) {
    const aggregate = names[0] === "points" ? OF_POINTS[first.toLowerCase()] : undefined;
    return aggregate === undefined
      ? `: it is a column of ${table.name}; write FROM ${table.name}`
      : `; write ${aggregate}`;
  }
  return `: it is a column of ${table.name}, which FROM lacks; add ${
    joinOf(table, beside, beside.source.table, called)
  }`;
}

function hasColumn({ columns, families, hidden, hiddenFamilies }: TableSpec, name: string, isPart: boolean): boolean {
  const lower = name.toLowerCase();
  if (isPart) return families.includes(lower) || hiddenFamilies?.includes(lower) === true;
  return columns.some(([column]) => column === lower) || hidden?.some(([column]) => column === lower) === true;
}

function isOfRun({ name, columns }: TableSpec): boolean {
  return name !== "notes" && columns.some(([name]) => name === "run");
}

function joinOf(table: TableSpec, beside: Instance, other: TableSpec, called = table.name): string {
  const keys = isOfRun(table) && isOfRun(other) ? ["exp", "run"] : ["exp"];
  const on = keys.map((key) => `${called}.${key} = ${beside.name}.${key}`).join(" AND ");
  return `JOIN ${table.name}${called === table.name ? "" : ` ${called}`} ON ${on}`;
}
