import type { Affinity, BoundColumn } from "../bound.ts";

/** A function that stands in FROM. */
interface TableFunction {
  readonly columns: readonly BoundColumn[];
  readonly hidden: readonly BoundColumn[];
  readonly least: number;
  readonly most: number;
}

const column = (name: string, affinity: Affinity = "none"): BoundColumn => ({ name, affinity, collation: "BINARY" });

/** What both functions of JSON give. */
const OF_JSON: TableFunction = {
  columns: [
    ...[column("key"), column("value"), column("type", "text"), column("atom"), column("id", "integer")],
    ...[column("parent", "integer"), column("fullkey", "text"), column("path", "text")],
  ],
  hidden: [column("json"), column("root")],
  least: 1,
  most: 2,
};

const TABLE_FUNCTIONS: Readonly<Record<string, TableFunction>> = { json_each: OF_JSON, json_tree: OF_JSON };

export const TABLE_FUNCTION_NAMES: readonly string[] = Object.keys(TABLE_FUNCTIONS);

/** The table function of a name in small letters. */
export function tableFunction(name: string): TableFunction | undefined {
  return Object.hasOwn(TABLE_FUNCTIONS, name) ? TABLE_FUNCTIONS[name] : undefined;
}

/** The columns that `*` does not show. */
export function hiddenColumnsOfFunction(name: string): readonly BoundColumn[] {
  return tableFunction(name)?.hidden ?? [];
}
