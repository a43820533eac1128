import type { Frame, FrameBound, Name, Window } from "../tree.ts";
import type { Cursor } from "./cursor.ts";
import { nameOf, parseName, startsWindows } from "./names.ts";
import { parseTerms } from "./terms.ts";

const OPENING = ["PARTITION", "ORDER", "RANGE", "ROWS", "GROUPS"];

/** `OVER w` or `OVER (…)`. */
export function parseOver(cursor: Cursor): Window {
  const { start } = cursor.expect("OVER");
  if (cursor.word() === "(") return { ...parseDefinition(cursor), start };
  const base = parseName(cursor, "a window");
  const nothing = { partitionBy: [], orderBy: [], frame: undefined };
  return { base, isReference: true, ...nothing, start, end: cursor.end };
}

/** `WINDOW w AS (…), …` if it stands here. */
export function parseWindows(cursor: Cursor): { name: Name; window: Window }[] {
  if (!startsWindows(cursor)) return [];
  cursor.take();
  return cursor.list(() => {
    const name = parseName(cursor, "a name for a window");
    cursor.expect("AS");
    return { name, window: parseDefinition(cursor) };
  });
}

function parseDefinition(cursor: Cursor): Window {
  const { start } = cursor;
  const window = cursor.parenthesized(() => {
    const isNamed = !OPENING.includes(cursor.word()) && nameOf(cursor.token(), cursor.word()) !== undefined;
    const base = isNamed ? parseName(cursor, "a window") : undefined;
    const partitionBy = cursor.accept("PARTITION", "BY") ? cursor.list(() => cursor.expression()) : [];
    const orderBy = cursor.accept("ORDER", "BY") ? parseTerms(cursor) : [];
    return { base, isReference: false, partitionBy, orderBy, frame: parseFrame(cursor) };
  });
  return { ...window, start, end: cursor.end };
}

function parseFrame(cursor: Cursor): Frame | undefined {
  const { start } = cursor;
  const unit = cursor.word();
  if (unit !== "ROWS" && unit !== "RANGE" && unit !== "GROUPS") return undefined;
  cursor.take();
  const hasEnd = cursor.accept("BETWEEN");
  const from = parseBound(cursor);
  if (hasEnd) cursor.expect("AND");
  const to = hasEnd ? parseBound(cursor) : undefined;
  if (!isForward(from, to)) cursor.refuse("the frame of a window ends before it starts", start);
  const exclude = parseExclude(cursor);
  return { unit, from, to, exclude, start, end: cursor.end };
}

function parseBound(cursor: Cursor): FrameBound {
  if (cursor.accept("CURRENT", "ROW")) return { kind: "current row" };
  if (cursor.accept("UNBOUNDED", "PRECEDING")) return { kind: "unbounded preceding" };
  if (cursor.accept("UNBOUNDED", "FOLLOWING")) return { kind: "unbounded following" };
  if (cursor.word() === "CURRENT" || cursor.word() === "UNBOUNDED") {
    cursor.take();
    cursor.fail("ROW, PRECEDING or FOLLOWING");
  }
  const offset = cursor.expression();
  if (cursor.accept("PRECEDING")) return { kind: "preceding", offset };
  if (cursor.accept("FOLLOWING")) return { kind: "following", offset };
  cursor.fail("PRECEDING or FOLLOWING");
}

/** What SQLite takes: of two bounds on the same side the numbers decide, when the query runs. */
function isForward(from: FrameBound, to: FrameBound | undefined): boolean {
  const order = ["unbounded preceding", "preceding", "current row", "following", "unbounded following"];
  const [first, last] = [order.indexOf(from.kind), order.indexOf(to?.kind ?? "current row")];
  return first <= last && first < 4 && last > 0;
}

function parseExclude(cursor: Cursor): Frame["exclude"] {
  if (!cursor.accept("EXCLUDE")) return undefined;
  if (cursor.accept("NO", "OTHERS")) return "NO OTHERS";
  if (cursor.accept("CURRENT", "ROW")) return "CURRENT ROW";
  if (cursor.accept("GROUP")) return "GROUP";
  return cursor.accept("TIES") ? "TIES" : cursor.fail("NO OTHERS, CURRENT ROW, GROUP or TIES");
}
