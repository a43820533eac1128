import { printLiteral } from "./literal.ts";
import { printName } from "./name.ts";
import { printTerms } from "./terms.ts";
import { printOver } from "./window.ts";
import type { Printer } from "./hooks.ts";
import type { BinaryOperator, Call, Case, Expression, In } from "../tree.ts";

/** How tightly operators bind, loosest first, as in the parser. */
const LEVELS: Readonly<Record<BinaryOperator, number>> = {
  ...{ OR: 1, AND: 2, "=": 4, "<>": 4, "<": 5, "<=": 5, ">": 5, ">=": 5, "&": 6, "|": 6, "<<": 6, ">>": 6 },
  ...{ "+": 7, "-": 7, "*": 8, "/": 8, "%": 8, "||": 9, "->": 9, "->>": 9 },
};
const [NOT, COMPARISON, COLLATE, PREFIX, ATOM] = [3, 4, 10, 11, 12];

/** An expression, in parentheses where it binds less tightly than `level`. */
export function printExpression(printer: Printer, node: Expression, level = 0): string {
  const text = printBare(printer, node);
  return levelOf(node) < level ? `(${text})` : text;
}

function levelOf(node: Expression): number {
  switch (node.kind) {
    case "unary":
      return node.op === "NOT" ? NOT : PREFIX;
    case "binary":
      return LEVELS[node.op];
    case "is":
    case "between":
    case "in":
    case "like":
      return COMPARISON;
    case "collate":
      return COLLATE;
    case "literal":
      return isNegative(node.value) && node.word === undefined ? PREFIX : ATOM;
  }
  return ATOM;
}

function isNegative(value: unknown): boolean {
  return typeof value === "bigint" ? value < 0n : typeof value === "number" && (value < 0 || Object.is(value, -0));
}

function printBare(printer: Printer, node: Expression): string {
  const print = printer.expression;
  switch (node.kind) {
    case "literal":
      return printLiteral(node);
    case "parameter":
      return printer.hooks.parameter?.(node) ?? node.raw;
    case "name":
      return printer.hooks.name?.(node) ?? node.parts.map(printName).join(".");
    case "unary": {
      const operand = print(node.operand, node.op === "NOT" ? NOT : PREFIX);
      // Two minus signs would begin a comment.
      return node.op === "NOT" || operand.startsWith("-") ? `${node.op} ${operand}` : node.op + operand;
    }
    case "binary": {
      const level = LEVELS[node.op];
      return `${print(node.left, level)} ${node.op} ${print(node.right, level + 1)}`;
    }
    case "is": {
      const op = node.not ? "IS NOT" : "IS";
      return `${print(node.left, COMPARISON)} ${op} ${print(node.right, COMPARISON + 1)}`;
    }
    case "between": {
      const [low, high] = [print(node.low, COMPARISON + 1), print(node.high, COMPARISON + 1)];
      return `${print(node.operand, COMPARISON)}${not(node)} BETWEEN ${low} AND ${high}`;
    }
    case "in":
      return `${print(node.operand, COMPARISON)}${not(node)} IN ${printSet(printer, node.set)}`;
    case "like": {
      const escape = node.escape === undefined ? "" : ` ESCAPE ${print(node.escape, COMPARISON + 1)}`;
      return `${print(node.left, COMPARISON)}${not(node)} ${node.op} ${print(node.right, COMPARISON + 1)}${escape}`;
    }
    case "collate":
      return `${print(node.operand, COLLATE)} COLLATE ${printName(node.collation)}`;
    case "cast":
      return `CAST(${print(node.operand)} AS ${node.type})`;
    case "case":
      return printCase(printer, node);
    case "call":
      return printCall(printer, node);
    case "exists":
      return `EXISTS (${printer.query(node.query)})`;
    case "subquery":
      return printer.hooks.subquery?.(node) ?? `(${printer.query(node.query)})`;
    case "row":
      return `(${node.items.map((item) => print(item)).join(", ")})`;
  }
}

function not(node: { readonly not: boolean }): string {
  return node.not ? " NOT" : "";
}

function printSet(printer: Printer, set: In["set"]): string {
  const hooked = printer.hooks.set?.(set);
  if (hooked !== undefined) return hooked;
  switch (set.kind) {
    case "list":
      return `(${set.items.map((item) => printer.expression(item)).join(", ")})`;
    case "query":
      return `(${printer.query(set.query)})`;
    case "table":
      return (set.schema === undefined ? "" : `${printName(set.schema)}.`) + printName(set.name);
    case "function":
      return `${printName(set.name)}(${set.args.map((arg) => printer.expression(arg)).join(", ")})`;
  }
}

function printCase(printer: Printer, node: Case): string {
  const print = printer.expression;
  const operand = node.operand === undefined ? "" : ` ${print(node.operand)}`;
  const branches = node.branches.map(({ when, then }) => ` WHEN ${print(when)} THEN ${print(then)}`).join("");
  const otherwise = node.otherwise === undefined ? "" : ` ELSE ${print(node.otherwise)}`;
  return `CASE${operand}${branches}${otherwise} END`;
}

function printCall(printer: Printer, node: Call): string {
  const args = node.star ? "*" : node.args.map((arg) => printer.expression(arg)).join(", ");
  const order = node.orderBy.length === 0 ? "" : ` ORDER BY ${printTerms(printer, node.orderBy)}`;
  const filter = node.filter === undefined ? "" : ` FILTER (WHERE ${printer.expression(node.filter)})`;
  const over = node.over === undefined ? "" : ` ${printOver(printer, node.over)}`;
  return `${printName(node.name)}(${node.distinct ? "DISTINCT " : ""}${args}${order})${filter}${over}`;
}
