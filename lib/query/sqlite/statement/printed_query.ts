import type { BoundColumn, BoundQuery, Instance, Reference } from "../../bind/bound.ts";
import { printExpression, type PrintHooks, printQuery, printValue } from "../../sql/print.ts";
import { quoteName } from "../../sql/quote.ts";
import type { Expression, From, Query, Select, Subquery } from "../../sql/tree.ts";
import { joinPairs } from "../load/join_pairs.ts";
import type { TableLoads } from "../load/table_loads.ts";

/** A query as the database of loaded tables is asked it. */
export interface PrintedQuery {
  readonly sql: string;
  /** The names of parameters; here the first is `:p1`, and so on. */
  readonly parameters: readonly string[];
}

/** What to print in the place of parts of the tree. */
export interface ReplacedSubqueries {
  /** Another query than the whole one. */
  readonly query?: Query;
  /** The columns of a SELECT that was not bound. */
  readonly items?: ReadonlyMap<Select, readonly Expression[]>;
  readonly subquery?: (node: Subquery, print: (node: Expression) => string) => string | undefined;
}

/**
 * Prints a bound query over loaded tables.
 *
 * No name is left for SQLite to find: instances are called by their numbers and columns by theirs, an alias is written out as
 * what it stands for, a star as its columns.
 */
export function printedQuery(bound: BoundQuery, loads: TableLoads, replaced: ReplacedSubqueries = {}): PrintedQuery {
  const parameters: string[] = [];
  const column = (instance: Instance, column: BoundColumn): string =>
    `i${instance.id}.${printedColumn(loads, instance, column)}`;
  const reference = (it: Reference): string => {
    switch (it.kind) {
      case "column":
        return column(it.instance, it.column);
      case "merged": {
        const columns = it.columns.map((one) => column(one.instance, one.column));
        return it.isCoalesced ? `coalesce(${columns.join(", ")})` : columns[0];
      }
      case "item":
        return `(${print(it.item.expression)})`;
      case "text":
        return printValue(it.value);
    }
  };
  const from = (node: From): string | undefined => {
    const instance = bound.instanceOf.get(node);
    if (instance === undefined) return undefined;
    const alias = ` AS i${instance.id}`;
    switch (node.kind) {
      case "table":
        return (instance.source.kind === "table" ? `main.${loads.of(instance).name}` : quoteName(node.name.text)) +
          alias;
      case "fromQuery":
        return `(${printQuery(node.query, hooks)})${alias}`;
      case "function":
        return `${quoteName(node.name.text)}(${node.args.map(print).join(", ")})${alias}`;
    }
  };
  const items = (select: Select): string => {
    const others = replaced.items?.get(select);
    if (others !== undefined) return others.map(print).join(", ");
    const { output } = bound.cores.get(select)!;
    return output.map(({ expression, reference: shown }, at) => {
      const text = expression !== undefined ? print(expression) : reference(shown!);
      return `${text} AS c${at}`;
    }).join(", ");
  };
  const hooks: PrintHooks = {
    name: (node) => {
      const found = bound.references.get(node);
      return found && reference(found);
    },
    parameter: ({ name }) => {
      const at = parameters.indexOf(name);
      return `:p${at >= 0 ? at + 1 : parameters.push(name)}`;
    },
    subquery: (node) => replaced.subquery?.(node, print),
    from,
    items,
    common: ({ name, query }) => {
      const { output } = bound.cores.get(query.first) ?? {};
      // One that nothing names is not bound, and SQLite does not look at it either.
      return output && `${quoteName(name.text)}(${output.map((_, at) => `c${at}`).join(", ")})`;
    },
    condition: (join) => {
      if (join.using === undefined && !join.natural) return undefined;
      const equal = joinPairs(bound, join).map((pair) => {
        const [left, right] = pair.map(({ columns, isCoalesced }) =>
          reference({ kind: "merged", columns, isCoalesced })
        );
        return `${left} = ${right}`;
      });
      return equal.length === 0 ? "" : `ON ${equal.join(" AND ")}`;
    },
    term: (expression) => {
      const meaning = bound.terms.get(expression);
      if (meaning?.kind === "output") return String(meaning.index + 1) + collationOf(expression);
      const text = print(expression);
      // A number would stand for a column.
      return meaning !== undefined && /^[(+\- ]*\d+[) ]*$/.test(text) ? `CAST(${text} AS INTEGER)` : text;
    },
  };
  const print = (node: Expression): string => printExpression(node, hooks);
  return { sql: printQuery(replaced.query ?? bound.tree, hooks), parameters };
}

function collationOf(expression: Expression): string {
  return expression.kind === "collate" ? ` COLLATE ${expression.collation.text}` : "";
}

/** What a column is called: by its number, so that no name of the query can be in its way. */
function printedColumn(loads: TableLoads, instance: Instance, column: BoundColumn): string {
  const { source, columns } = instance;
  if (source.kind === "function") return quoteName(column.name);
  if (source.kind === "table") return `c${loads.columnOf(instance, column)}`;
  const at = columns.indexOf(column);
  if (at < 0) throw new Error(`"${instance.name}" has no column "${column.name}"`);
  return source.common === undefined && source.query.first.kind === "values" ? `column${at + 1}` : `c${at}`;
}
