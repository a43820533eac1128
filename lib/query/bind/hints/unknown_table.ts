import { didYouMean } from "../../../base/suggest.ts";
import { QueryError } from "../../result/query_error.ts";
import type { FromFunction, FromTable, Name } from "../../sql/tree.ts";
import { tableOf, TABLES } from "../../schema/tables.ts";
import type { BindContext } from "../scope/context.ts";
import type { Scope } from "../scope/scope.ts";
import { TABLE_FUNCTION_NAMES } from "../scope/table_functions.ts";

/** What people who know other trackers or databases call the tables. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{ experiment: "experiments", trials: "experiments", configs: "experiments", params: "experiments" },
  ...{ run: "runs", history: "points", scalars: "points", steps: "points", values: "points", data: "events" },
  ...{ metric: "metrics", series: "metrics", summary: "metrics", artifacts: "files", tags: "notes", log: "logs" },
};

/** A table that is not there. */
export function unknownTable(context: BindContext, scope: Scope, { name, schema }: FromTable): QueryError {
  const written = schema === undefined ? name.text : `${schema.text}.${name.text}`;
  if (schema !== undefined && schema.text.toLowerCase() !== "main") {
    const hint = tableOf(name.text) === undefined ? "" : `: write ${name.text}`;
    return new QueryError(`Cannot find the table "${written}"${hint}`, context.sql, schema.start);
  }
  if (/^sqlite_(temp_)?(master|schema)$/i.test(name.text)) {
    const message = `Cannot read "${written}": "dbx query --schema" shows the tables`;
    return new QueryError(message, context.sql, name.start);
  }
  const commons = schema === undefined ? commonNames(scope) : [];
  return new QueryError(`Cannot find the table "${written}"${hintOf(name.text, commons)}`, context.sql, name.start);
}

const NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)";
const OTHER_FUNCTIONS: Readonly<Record<string, string>> = {
  ...{ generate_series: NUMBERS, range: NUMBERS, unnest: "json_each(…)", jsonb_array_elements: "json_each(…)" },
  ...{ json_array_elements: "json_each(…)", jsonb_each: "json_each(…)", json_object_keys: "json_each(…)" },
};

/** A function in the place of a table. */
export function unknownTableFunction(context: BindContext, { name }: FromFunction): QueryError {
  const other = Object.hasOwn(OTHER_FUNCTIONS, name.text.toLowerCase()) && OTHER_FUNCTIONS[name.text.toLowerCase()];
  const hint = other === false ? `: there are ${TABLE_FUNCTION_NAMES.join(" and ")}` : `; write ${other}`;
  return new QueryError(`Cannot find the table function "${name.text}"${hint}`, context.sql, name.start);
}

/** A table behind IN: of those that are there, only common tables have one column. */
export function unknownTableInSet(context: BindContext, scope: Scope, name: Name): QueryError {
  const message = tableOf(name.text) === undefined
    ? `Cannot find the table "${name.text}"${hintOf(name.text, commonNames(scope))}`
    : `Cannot look into the table "${name.text}", which has many columns: write IN (SELECT … FROM ${name.text})`;
  return new QueryError(message, context.sql, name.start);
}

function hintOf(name: string, commons: readonly string[]): string {
  const names = TABLES.map((table) => table.name);
  const other = Object.hasOwn(OTHER_NAMES, name.toLowerCase()) ? OTHER_NAMES[name.toLowerCase()] : undefined;
  if (other !== undefined) return `; did you mean "${other}"?`;
  const near = didYouMean(name, [...commons, ...names, ...TABLE_FUNCTION_NAMES]);
  return near || `; there are ${names.join(", ")}`;
}

function commonNames({ commons }: Scope): readonly string[] {
  const names: string[] = [];
  for (let at = commons; at !== undefined; at = at.outer) names.push(...at.tables.map(({ table }) => table.name.text));
  return names;
}
