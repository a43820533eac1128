import type { Expression, NameExpression } from "../sql/tree.ts";
import { walk } from "../sql/walk.ts";
import type { BoundQuery } from "./bound.ts";
import { columnOf } from "./types.ts";

/** A text that the name of a series is compared with. */
export interface SeriesLiteral {
  readonly column: "key" | "series";
  readonly value: string;
  readonly start: number;
}

/** The texts in `key = '…'`, `series = '…'` and `key IN ('…', …)`, of points and metrics. */
export function seriesLiteralsOf({ tree, references }: BoundQuery): SeriesLiteral[] {
  const found: SeriesLiteral[] = [];
  const columnOfSeries = (expression: Expression): SeriesLiteral["column"] | undefined => {
    const reference = expression.kind === "name" ? references.get(expression as NameExpression) : undefined;
    if (reference?.kind !== "column" && reference?.kind !== "merged") return undefined;
    const { instance: { source } } = reference.kind === "column" ? reference : reference.columns[0];
    const name = columnOf(reference)?.column;
    const isOfSeries = source.kind === "table" && (source.table.name === "points" || source.table.name === "metrics");
    return isOfSeries && (name === "key" || name === "series") ? name : undefined;
  };
  const add = (name: Expression, text: Expression): void => {
    const column = columnOfSeries(name);
    if (column === undefined || text.kind !== "literal" || typeof text.value !== "string") return;
    found.push({ column, value: text.value, start: text.start });
  };
  walk(tree, (node) => {
    if (node.kind === "binary" && node.op === "=") {
      add(node.left, node.right);
      add(node.right, node.left);
    }
    if (node.kind === "in" && !node.not && node.set.kind === "list") {
      node.set.items.forEach((item) => add(node.operand, item));
    }
  });
  return found.sort((a, b) => a.start - b.start);
}
