import type { Core, Query } from "../../sql/tree.ts";
import type { Affinity, BoundColumn, OutputColumn } from "../bound.ts";
import type { BindContext } from "./context.ts";
import { isColumnOutput, mayBe } from "../types.ts";

/** The columns of a query that stands in FROM, from those of its SELECTs that are bound. */
export function columnsOfQuery(context: BindContext, query: Query): readonly BoundColumn[] {
  const cores = [query.first, ...query.rest.map(({ core }) => core)].flatMap((core) => context.cores.get(core) ?? []);
  const [{ core, output }] = cores;
  const names = distinct(output.map((column, at) => nameWithin(context, core, column, at)), output);
  return output.map((column, at) => {
    const columns = cores.map(({ output }) => output[at]);
    return {
      name: names[at],
      affinity: affinityOfColumn(context, columns),
      collation: column.collation,
      showsNaN: column.showsNaN && query.rest.length === 0,
      isComputed: firstWithAffinity(context, columns) === undefined,
    };
  });
}

/** The same columns under other names. */
export function renamed(columns: readonly BoundColumn[], names: readonly string[]): readonly BoundColumn[] {
  const unique = distinct(names, []);
  return columns.map((column, at) => ({ ...column, name: unique[at] }));
}

/** What a column of a query is called outside of it, which is not quite what it is called in an answer. */
function nameWithin(context: BindContext, core: Core, { name, expression }: OutputColumn, at: number): string {
  if (core.kind === "values") return `column${at + 1}`;
  const item = expression === undefined
    ? undefined
    : core.items.find((item) => item.kind === "item" && item.expression === expression);
  if (item?.kind === "item" && item.alias !== undefined) return item.alias.text;
  let bare = expression;
  while (bare?.kind === "collate") bare = bare.operand;
  if (bare?.kind !== "name") return name;
  const reference = context.references.get(bare);
  const isPart = reference?.kind === "column" && reference.column.path !== undefined;
  return isPart ? reference.column.name : bare.parts.at(-1)!.text;
}

/** As SQLite makes names distinct: `a`, `a:1`. Parts of JSON may differ by the case of letters alone. */
function distinct(names: readonly string[], output: readonly OutputColumn[]): readonly string[] {
  const known = new Set<string>();
  return names.map((name, at) => {
    const expression = output[at]?.expression;
    const isDotted = expression?.kind === "name" && expression.parts.length > 1;
    const keyOf = (name: string) => isDotted ? name : name.toLowerCase();
    let found = name;
    for (let count = 1; known.has(keyOf(found)); count++) found = `${name.replace(/(?<=.):\d*$/, "")}:${count}`;
    known.add(keyOf(found));
    return found;
  });
}

/**
 * The affinity of a column of one or more SELECTs: that of the first which has one, unless another may give what it would
 * change.
 */
function affinityOfColumn(context: BindContext, columns: readonly OutputColumn[]): Affinity {
  const first = firstWithAffinity(context, columns);
  if (first === undefined || first.affinity === "none") return "none";
  const others = columns.filter((column) => column !== first);
  const kinds = others.map(({ expression, affinity }) => mayBe(context, expression, affinity));
  if (first.affinity === "text") return kinds.some(({ number }) => number) ? "none" : "text";
  if (kinds.some(({ text }) => text)) return "none";
  return others.length > 0 && columns[0].expression?.kind === "cast" ? "numeric" : first.affinity;
}

function firstWithAffinity(context: BindContext, columns: readonly OutputColumn[]): OutputColumn | undefined {
  return columns.find((column) => column.affinity !== "none" || isColumnOutput(context, column));
}
