import type { Json, JsonObject } from "../../../../base/json.ts";
import { paletteIndex } from "../../../../plot/palette_index.ts";
import type { Area } from "../../../../terminal/screen/cells.ts";
import { drawFrame } from "../../../../terminal/screen/frame.ts";
import { columnsOf, fitText } from "../../../../terminal/screen/graphemes.ts";
import { BOLD, PLAIN, type Style } from "../../../../terminal/screen/style.ts";
import { age, duration } from "../../../../terminal/values.ts";
import type { ExperimentRow } from "../model/experiments.ts";
import { chartTitle } from "../series_choice.ts";
import type { TopState } from "../state.ts";
import { cell, tookOf } from "./runs_columns.ts";
import { curveStyle, statusSign, THEME } from "./theme.ts";

/** A line of the details. */
type Line = readonly { readonly text: string; readonly style: Style }[];

/** What was drawn. */
export interface DrawnDetails {
  readonly details: readonly ExperimentRow[];
  readonly output: ExperimentRow | undefined;
  readonly outputLines: number;
}

/** Lines of output that are read at least, to scroll back in. */
const MIN_OUTPUT = 200;

/** Draws what is known of the chosen experiments: their definition and surroundings, or what the current one printed. */
export function drawDetails(area: Area, state: TopState): DrawnDetails {
  const isFocused = state.pane === "details";
  const { tab } = state;
  const { chosen, current } = state;
  const isCompared = tab === "info" && chosen.length > 1;
  const inner = drawFrame(
    area,
    {
      title: isCompared ? `${chosen.length} runs compared` : tab === "info" ? "info" : "output",
      right: tab === "info" ? "l: output" : "i: info",
    },
    isFocused ? THEME.focused : THEME.frame,
  );
  const body = inner.part({ column: 1, row: 0, columns: inner.columns - 2, rows: inner.rows });
  if (tab === "output") {
    const lines = outputLines(state, current);
    state.scroll = Math.max(0, Math.min(state.scroll, lines.length - body.rows));
    const end = lines.length - state.scroll;
    drawLines(body, lines.slice(Math.max(0, end - body.rows), end));
    return {
      details: [],
      output: current,
      outputLines: Math.max(MIN_OUTPUT, body.rows + state.scroll + MIN_OUTPUT / 2),
    };
  }
  const lines = isCompared
    ? comparison(state, body.columns)
    : current === undefined
    ? []
    : infoLines(state, current, body.columns);
  state.scroll = Math.max(0, Math.min(state.scroll, lines.length - body.rows));
  drawLines(body, lines.slice(state.scroll, state.scroll + body.rows));
  return {
    details: isCompared ? chosen.slice(0, 20) : current === undefined ? [] : [current],
    output: undefined,
    outputLines: 0,
  };
}

function drawLines(area: Area, lines: readonly Line[]): void {
  lines.forEach((line, row) => {
    let column = 0;
    for (const { text, style } of line) column = area.text(column, row, text, style);
  });
}

function outputLines({ model }: TopState, row: ExperimentRow | undefined): Line[] {
  const lines = row && model.outputOf(row);
  if (lines !== undefined) return lines.map((text) => [{ text, style: PLAIN }]);
  return [[{ text: row === undefined ? "" : "nothing printed that was kept", style: THEME.faint }]];
}

function infoLines(state: TopState, row: ExperimentRow, columns: number): Line[] {
  const { model, options } = state;
  const now = options.now();
  const sign = statusSign(row.status);
  const details = model.detailsOf(row);
  const when = `${new Date(row.createdAt).toISOString().slice(0, 16).replace("T", " ")}Z`;
  const lines: Line[] = [
    [{ text: row.exp, style: BOLD }, { text: `  ${sign.text} ${row.status}`, style: sign.style }],
    ...pair("name", row.name, columns),
    ...pair("kind", row.kind, columns),
    ...pair("when", `${when}, ${age(row.createdAt, now)} ago`, columns),
    ...pair("took", duration(tookOf(row, now, model.answeredAt ?? now)), columns),
    ...pair("runs", row.runs === 1 ? "" : String(row.runs), columns),
    ...pair("host", row.host, columns),
    ...pair("tags", row.tags.join(", "), columns),
    ...pair("note", row.note, columns),
    ...pair("command", details?.cmd.join(" ") ?? "", columns),
  ];
  const groups = [["params", row.params], ["meta", details?.meta], ["git", details?.git], [
    "env",
    details?.env,
  ]] as const;
  for (const [title, object] of groups) {
    const values = [...flat(object ?? {})];
    if (values.length === 0) continue;
    lines.push([], [{ text: title, style: THEME.key }]);
    for (const [name, value] of values) lines.push(...pair(name, cell(value), columns));
  }
  return lines;
}

/** The least room for names. */
const NAME_WIDTH = 9;

/** A name and its value, which goes on below itself. */
function pair(name: string, value: string, columns: number): Line[] {
  if (value === "") return [];
  const width = Math.max(NAME_WIDTH, Math.min(columnsOf(name) + 1, Math.floor(columns / 2)));
  const room = Math.max(8, columns - width - 1);
  return wrapped(value, room).map((text, at) => [
    { text: fitText(at === 0 ? name : "", width) + " ", style: THEME.faint },
    { text, style: PLAIN },
  ]);
}

/** A text in lines of a width; very long ones are cut. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < MAX_LINES; at += columns) {
    lines.push(text.slice(at, at + columns));
  }
  if (lines.length === MAX_LINES && text.length > MAX_LINES * columns) lines.push("…");
  return lines;
}

const MAX_LINES = 12;

/** The values of an object by dotted names. */
function* flat(object: JsonObject, prefix = ""): Generator<readonly [string, Json]> {
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) yield* flat(value, `${prefix}${key}.`);
    else yield [prefix + key, value];
  }
}

/** What of the definitions and the last values of several experiments is not the same, side by side. */
function comparison(state: TopState, columns: number): Line[] {
  const { model, chosen } = state;
  const each = Math.max(10, Math.min(18, Math.floor((columns - 14) / chosen.length)));
  const shown = chosen.slice(0, Math.max(1, Math.floor((columns - 14) / each)));
  const nameWidth = Math.max(10, columns - each * shown.length);
  const cells = (name: string, texts: readonly string[], style: (at: number) => Style): Line => [
    { text: fitText(name, nameWidth - 1) + " ", style: THEME.faint },
    ...texts.map((text, at) => ({ text: fitText(text, each - 1) + " ", style: style(at) })),
  ];
  const lines: Line[] = [
    ...shown.length < chosen.length
      ? [[{ text: `${shown.length} of ${chosen.length} have room; enter shows more`, style: THEME.faint }]]
      : [],
    cells(
      "",
      shown.map(({ exp }) => exp.slice(0, each - 1)),
      (at) => curveStyle(paletteIndex(at, chosen.length), state.options.look.manyColours) | BOLD,
    ),
    cells(
      "status",
      shown.map(({ status }) => status),
      (at) => statusSign(shown[at].status).style,
    ),
  ];
  const add = (title: string, objects: readonly (JsonObject | undefined)[]) => {
    const flattened = objects.map((object) => new Map(flat(object ?? {})));
    const names = [...new Set(flattened.flatMap((map) => [...map.keys()]))];
    const differing = names.filter((name) => new Set(flattened.map((map) => JSON.stringify(map.get(name)))).size > 1);
    if (differing.length === 0) return;
    lines.push([], [{ text: title, style: THEME.key }]);
    for (const name of differing) lines.push(cells(name, flattened.map((map) => cell(map.get(name))), () => PLAIN));
  };
  add("params", shown.map(({ params }) => params));
  const details = shown.map((row) => model.detailsOf(row));
  add("git", details.map((it) => it?.git));
  add("env", details.map((it) => it?.env));
  add("last values", shown.map((row) => lastValues(model.factsOf(row) ?? [])));
  if (shown.length < chosen.length) {
    lines.push([], [{ text: `${chosen.length - shown.length} more have no room here`, style: THEME.faint }]);
  }
  return lines;
}

function lastValues(facts: readonly { readonly series: string; readonly last: number }[]): JsonObject {
  return Object.fromEntries(facts.map(({ series, last }) => [chartTitle(series), last]));
}
