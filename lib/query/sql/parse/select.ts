import type { Expression, Item, Select, Star, Values } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { parseFromClause } from "./from.ts";
import { nameOf, parseAlias, parseName } from "./names.ts";
import { parseWindows } from "./window.ts";

/** From SELECT to before ORDER BY. */
export function parseSelect(cursor: Cursor): Select {
  const { start } = cursor.expect("SELECT");
  const distinct = cursor.accept("DISTINCT");
  if (!distinct) cursor.accept("ALL");
  const items = cursor.list(() => parseItem(cursor));
  const from = cursor.accept("FROM") ? parseFromClause(cursor) : undefined;
  const where = cursor.accept("WHERE") ? cursor.expression() : undefined;
  const groupBy = parseGroups(cursor);
  const having = cursor.accept("HAVING") ? cursor.expression() : undefined;
  const windows = parseWindows(cursor);
  return { kind: "select", distinct, items, from, where, groupBy, having, windows, start, end: cursor.end };
}

/** `VALUES (1, 2), (3, 4)` */
export function parseValues(cursor: Cursor): Values {
  const { start } = cursor.expect("VALUES");
  const rows: Expression[][] = [];
  do {
    const at = cursor.start;
    const row = cursor.parenthesized(() => cursor.list(() => cursor.expression()));
    if (rows.length > 0 && row.length !== rows[0].length) {
      cursor.refuse("all rows of VALUES must have the same number of values", at);
    }
    rows.push(row);
  } while (cursor.accept(","));
  return { kind: "values", rows, start, end: cursor.end };
}

function parseGroups(cursor: Cursor): readonly Expression[] {
  return cursor.accept("GROUP", "BY") ? cursor.list(() => cursor.expression()) : [];
}

function parseItem(cursor: Cursor): Item | Star {
  const { start } = cursor;
  if (cursor.accept("*")) return { kind: "star", table: undefined, start, end: cursor.end };
  if (cursor.word(1) === "." && cursor.word(2) === "*" && nameOf(cursor.token(), cursor.word()) !== undefined) {
    const table = parseName(cursor, "the name of a table");
    cursor.accept(".", "*");
    return { kind: "star", table, start, end: cursor.end };
  }
  const expression = cursor.expression();
  return { kind: "item", expression, alias: parseAlias(cursor), start, end: cursor.end };
}
