import type { From, Join, Name, Query, Span } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { startsQuery } from "./expression.ts";
import { parseAlias, parseName } from "./names.ts";

/** Tables and the joins between them, from the left. */
export function parseFromClause(cursor: Cursor): From {
  let left = parseTable(cursor);
  if (cursor.word() === "ON" || cursor.word() === "USING") cursor.refuse(`${cursor.word()} needs a JOIN before it`);
  while (true) {
    const operator = parseJoinOperator(cursor);
    if (operator === undefined) return left;
    const right = parseTable(cursor);
    const at = cursor.start;
    const on = cursor.accept("ON") ? cursor.expression() : undefined;
    const isUsing = on === undefined && cursor.accept("USING");
    const using = isUsing
      ? cursor.parenthesized(() => cursor.list(() => parseName(cursor, "the name of a column")))
      : undefined;
    if (operator.natural && (on !== undefined || isUsing)) cursor.refuse("a NATURAL join has neither ON nor USING", at);
    left = { kind: "join", ...operator, left, right, on, using, start: left.start, end: cursor.end };
  }
}

const SIDES = { LEFT: 1, RIGHT: 2, FULL: 3, OUTER: 4, INNER: 8, CROSS: 8, NATURAL: 0 } as const;

/** `,`, `JOIN`, or up to three words before JOIN, in any order, as SQLite takes them. */
function parseJoinOperator(cursor: Cursor): Pick<Join, "join" | "natural" | "isComma"> | undefined {
  if (cursor.accept(",")) return { join: "cross", natural: false, isComma: true };
  if (cursor.accept("JOIN")) return { join: "inner", natural: false };
  const { start } = cursor;
  const words: string[] = [];
  let sides = 0;
  while (Object.hasOwn(SIDES, cursor.word()) && words.length < 3) {
    sides |= SIDES[cursor.word() as keyof typeof SIDES];
    words.push(cursor.take().raw.toUpperCase());
  }
  if (words.length === 0) return undefined;
  cursor.expect("JOIN");
  const isBoth = (sides & 8) !== 0 && (sides & 7) !== 0;
  if (isBoth || sides === 4) cursor.refuse(`there is no ${words.join(" ")} JOIN`, start);
  const outer = (["inner", "left", "right", "full"] as const)[sides & 3];
  return { join: words.includes("CROSS") ? "cross" : outer, natural: words.includes("NATURAL") };
}

/** A table, a function, a query, or joins in parentheses. */
function parseTable(cursor: Cursor): From {
  const { start } = cursor;
  if (cursor.word() === "(") {
    const inner = cursor.parenthesized(() => startsQuery(cursor) ? cursor.query() : parseFromClause(cursor));
    const alias = parseAlias(cursor);
    const span = { start, end: cursor.end };
    if (inner.kind === "query") return { kind: "fromQuery", query: inner, alias, ...span };
    if (alias === undefined) return Object.assign(inner, span);
    if (inner.kind !== "join") return { ...inner, alias, ...span };
    return { kind: "fromQuery", query: allOf(inner, span), alias, ...span };
  }
  const first = parseName(cursor, "the name of a table");
  const second = cursor.accept(".") ? parseName(cursor, "the name of a table") : undefined;
  const name = second ?? first;
  if (cursor.word() === "(") {
    const args = cursor.parenthesized(() => cursor.word() === ")" ? [] : cursor.list(() => cursor.expression()));
    return { kind: "function", name, args, alias: parseAlias(cursor), start, end: cursor.end };
  }
  const schema = second === undefined ? undefined : first;
  const alias: Name | undefined = parseAlias(cursor);
  const { end } = cursor;
  if (cursor.word() === "INDEXED") cursor.refuse("there are no indexes to name: leave INDEXED BY out");
  cursor.accept("NOT", "INDEXED");
  return { kind: "table", schema, name, alias, start, end };
}

/** `SELECT * FROM …`, which is what joins in parentheses with an alias are. */
function allOf(from: From, span: Span): Query {
  const nothing = { where: undefined, groupBy: [], having: undefined, windows: [] };
  const items = [{ kind: "star", table: undefined, ...span }] as const;
  const first = { kind: "select", distinct: false, items, from, ...nothing, ...span } as const;
  return { kind: "query", with: undefined, first, rest: [], orderBy: [], limit: undefined, offset: undefined, ...span };
}
