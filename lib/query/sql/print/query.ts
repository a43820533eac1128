import type { CommonTable, Core, From, Item, Join, Name, Query, Select, Star } from "../tree.ts";
import type { Printer } from "./hooks.ts";
import { printName } from "./name.ts";
import { printGroups, printQueryTerms } from "./terms.ts";
import { printWindow } from "./window.ts";

export function printQuery(printer: Printer, node: Query): string {
  const parts = [printCore(printer, node.first)];
  if (node.with !== undefined) {
    const tables = node.with.tables.map((table) => printCommon(printer, table)).join(", ");
    parts.unshift(`WITH ${node.with.recursive ? "RECURSIVE " : ""}${tables}`);
  }
  for (const { op, core } of node.rest) parts.push(op, printCore(printer, core));
  if (node.orderBy.length > 0) parts.push(`ORDER BY ${printQueryTerms(printer, node.orderBy)}`);
  if (node.limit !== undefined) parts.push(`LIMIT ${printer.expression(node.limit)}`);
  if (node.offset !== undefined) parts.push(`OFFSET ${printer.expression(node.offset)}`);
  return parts.join(" ");
}

function printCommon(printer: Printer, table: CommonTable): string {
  const { name, columns, materialized, query } = table;
  const list = columns === undefined ? "" : `(${columns.map(printName).join(", ")})`;
  const head = printer.hooks.common?.(table) ?? printName(name) + list;
  const kept = materialized === undefined ? "" : materialized ? "MATERIALIZED " : "NOT MATERIALIZED ";
  return `${head} AS ${kept}(${printer.query(query)})`;
}

function printCore(printer: Printer, node: Core): string {
  if (node.kind === "select") return printSelect(printer, node);
  return `VALUES ${node.rows.map((row) => `(${row.map((value) => printer.expression(value)).join(", ")})`).join(", ")}`;
}

function printSelect(printer: Printer, node: Select): string {
  const parts = [node.distinct ? "SELECT DISTINCT" : "SELECT"];
  parts.push(printer.hooks.items?.(node) ?? node.items.map((item) => printItem(printer, item, node)).join(", "));
  if (node.from !== undefined) parts.push(`FROM ${printFrom(printer, node.from)}`);
  if (node.where !== undefined) parts.push(`WHERE ${printer.expression(node.where)}`);
  if (node.groupBy.length > 0) parts.push(`GROUP BY ${printGroups(printer, node.groupBy)}`);
  if (node.having !== undefined) parts.push(`HAVING ${printer.expression(node.having)}`);
  if (node.windows.length > 0) {
    const windows = node.windows.map(({ name, window }) => `${printName(name)} AS ${printWindow(printer, window)}`);
    parts.push(`WINDOW ${windows.join(", ")}`);
  }
  return parts.join(" ");
}

function printItem(printer: Printer, node: Item | Star, select: Select): string {
  const hooked = printer.hooks.item?.(node, select, printer.expression);
  if (hooked !== undefined) return hooked;
  if (node.kind === "star") return node.table === undefined ? "*" : `${printName(node.table)}.*`;
  return printer.expression(node.expression) + printAlias(node.alias);
}

function printAlias(alias: Name | undefined): string {
  return alias === undefined ? "" : ` AS ${printName(alias)}`;
}

/** Joins lean left: those on the right are in parentheses. */
export function printFrom(printer: Printer, node: From): string {
  const hooked = printer.hooks.from?.(node, (below) => printFrom(printer, below));
  if (hooked !== undefined) return hooked;
  switch (node.kind) {
    case "table": {
      const schema = node.schema === undefined ? "" : `${printName(node.schema)}.`;
      return schema + printName(node.name) + printAlias(node.alias);
    }
    case "function": {
      const args = node.args.map((arg) => printer.expression(arg)).join(", ");
      return `${printName(node.name)}(${args})${printAlias(node.alias)}`;
    }
    case "fromQuery":
      return `(${printer.query(node.query)})${printAlias(node.alias)}`;
    case "join": {
      const right = printFrom(printer, node.right);
      const hooked = printer.hooks.condition?.(node);
      const condition = hooked !== undefined
        ? hooked && ` ${hooked}`
        : node.on !== undefined
        ? ` ON ${printer.expression(node.on)}`
        : node.using !== undefined
        ? ` USING (${node.using.map(printName).join(", ")})`
        : "";
      const operand = node.right.kind === "join" ? `(${right})` : right;
      return printFrom(printer, node.left) + operator(node, hooked !== undefined) + operand + condition;
    }
  }
}

const OPERATORS = {
  cross: "CROSS JOIN",
  inner: "JOIN",
  left: "LEFT JOIN",
  right: "RIGHT JOIN",
  full: "FULL JOIN",
} as const;

function operator(node: Join, isConditioned: boolean): string {
  const isNatural = node.natural && !isConditioned;
  if (node.isComma && !node.natural) return ", ";
  return ` ${isNatural ? "NATURAL " : ""}${OPERATORS[node.join]} `;
}
