import type { Area } from "../../../../terminal/screen/cells.ts";
import { columnsOf, cutText } from "../../../../terminal/screen/graphemes.ts";
import { PLAIN, REVERSE } from "../../../../terminal/screen/style.ts";
import { type Binding, bindingsFor } from "../bindings.ts";
import type { Prompt, TopState } from "../state.ts";
import { statusSign, THEME } from "./theme.ts";

/** Draws the first line: what is looked at, and how many runs there are of each status. */
export function drawHeader(area: Area, state: TopState): void {
  const { model, where } = state;
  let column = area.text(0, 0, "dbx top", THEME.key);
  const names = model.sources.map(({ name }) => name);
  const counts = new Map<string, number>();
  for (const { status } of model.rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  const said = ["running", "failed", "lost", "killed", "finished", "unknown"].filter((it) => counts.has(it));
  const right = said.map((status) => ({
    ...statusSign(status),
    count: `${counts.get(status)} ${status}`,
  }));
  let start = area.columns;
  // Those that fit, from the left one on.
  const shown: typeof right = [];
  for (const one of right) {
    const width = columnsOf(one.text) + columnsOf(one.count) + 3;
    if (start - width < Math.min(24, area.columns / 2)) break;
    start -= width;
    shown.push(one);
  }
  const room = start - column - 3;
  column = area.text(column + 2, 0, cutText(names.join("  "), Math.max(0, room)), PLAIN);
  if (where !== "" && column + 12 < start) {
    area.text(column + 2, 0, cutText(`where ${where}`, start - column - 3), THEME.warning);
  }
  for (const { text, style, count } of shown) {
    start = area.text(start, 0, text, style);
    start = area.text(start + 1, 0, count) + 2;
  }
}

/** Draws the last line: what is typed, asked or said, or else the keys that do something now. Returns where the cursor is. */
export function drawFooter(area: Area, state: TopState): { column: number; row: number } | undefined {
  const { prompt, question, message } = state;
  if (prompt !== undefined) return drawPrompt(area, prompt);
  if (question !== undefined) {
    const end = area.text(0, 0, question.text, THEME.warning);
    area.text(end + 1, 0, "y/n", THEME.key);
  } else if (message !== undefined) {
    area.text(0, 0, cutText(message.text, area.columns), message.isError ? THEME.error : THEME.warning);
  } else drawKeys(area, bindingsFor(state));
  return undefined;
}

/** These come first, as they lead to all others, and out. */
const FIRST_KEYS = ["help", "quit"];

function drawKeys(area: Area, bindings: readonly Binding[]): void {
  let column = 0;
  const rank = ({ short = "" }: Binding) => Number(!FIRST_KEYS.includes(short));
  for (const { label, short } of [...bindings].sort((a, b) => rank(a) - rank(b))) {
    if (short === undefined) continue;
    if (column + columnsOf(label) + columnsOf(short) + 1 > area.columns) break;
    column = area.text(column, 0, label, THEME.key);
    column = area.text(column + 1, 0, short, THEME.faint) + 2;
  }
}

function drawPrompt(area: Area, { title, line, help }: Prompt): { column: number; row: number } {
  const head = `${cutText(title, Math.floor(area.columns * 2 / 3))} `;
  let column = area.text(0, 0, head, THEME.key);
  const room = Math.max(0, area.columns - column - 1);
  // What stands before the cursor is always seen.
  let before = line.before;
  while (columnsOf(before) > room) before = before.slice(1);
  column = area.text(column, 0, before);
  const cursor = { column: area.box.column + column, row: area.box.row };
  const end = area.text(column, 0, line.after);
  if (line.text === "" && help !== undefined) area.text(end + 1, 0, cutText(help, area.columns - end - 1), THEME.faint);
  return cursor;
}

/** The most suggestions at once. */
const MAX_SUGGESTIONS = 8;

/** Draws what may be typed, and what is wrong with what was, above the last line. */
export function drawSuggestions(area: Area, { suggestions, chosen, error, title }: Prompt): void {
  const from = Math.max(0, Math.min(chosen - MAX_SUGGESTIONS + 1, suggestions.length - MAX_SUGGESTIONS));
  const shown = suggestions.slice(from, from + MAX_SUGGESTIONS);
  const lines = error === undefined ? [] : error.split("\n");
  const rows = shown.length + lines.length;
  if (rows === 0) return;
  const width = Math.min(
    area.columns,
    Math.max(...shown.map((text) => columnsOf(text) + 2), ...lines.map(columnsOf), 12),
  );
  const column = lines.length > 0 ? 0 : Math.max(0, Math.min(columnsOf(title) + 1, area.columns - width));
  const part = area.part({ column, row: area.rows - rows, columns: width, rows });
  part.fill();
  shown.forEach((text, at) => {
    const style = from + at === chosen ? REVERSE : PLAIN;
    const row = part.part({ column: 0, row: at, columns: width, rows: 1 });
    row.fill(style);
    row.text(1, 0, cutText(text, width - 2), style);
  });
  lines.forEach((text, at) => part.text(0, shown.length + at, cutText(text, width), THEME.error));
}
