import type { Chart } from "../chart.ts";
import type { Scale } from "../scale/scale.ts";
import type { Tick } from "../scale/tick.ts";
import { ticksOf } from "../scale/ticks.ts";
import { CHARACTERS, type CharacterSet } from "./characters.ts";
import { curveCells, type CurveStyle } from "./curve_cells.ts";
import { legendLines, saidOf } from "./legend.ts";
import type { Line } from "./span.ts";

/** Where a chart is drawn. */
export interface CellsOptions {
  /** The width of the whole chart. */
  readonly columns: number;
  /** The height of the whole chart. */
  readonly rows: number;
  /** Default braille. */
  readonly characters?: CharacterSet;
  /** Whether curves are told apart by colours, else by dashes. Default true. */
  readonly colour?: boolean;
  /** The most rows of the legend; default: a third of the height; 0: no legend. */
  readonly legendRows?: number;
  /** The columns of a terminal that a text takes; default: its length. */
  readonly width?: (text: string) => number;
}

/** The fewest rows of curves. */
const MIN_ROWS = 3;

/** A chart in characters. */
export interface ChartCells {
  readonly lines: readonly Line[];
  /** Where its curves are, in columns and rows from its own corner; undefined where no point can be drawn. */
  readonly plot?: { readonly column: number; readonly row: number; readonly columns: number; readonly rows: number };
}

/** Draws a chart in characters: curves with axes, under a title and over a legend. */
export function chartCells(chart: Chart, options: CellsOptions): readonly Line[] {
  return placedCells(chart, options).lines;
}

/** The same, and where the curves are. */
export function placedCells(chart: Chart, options: CellsOptions): ChartCells {
  const { columns, rows, colour = true, characters = "braille", width = (text) => text.length } = options;
  if (chart.x === undefined || chart.y === undefined) return { lines: [[{ text: "no points to draw" }]] };
  const style = { characters: CHARACTERS[characters], colour };
  const head = headLines(chart, columns);
  const most = options.legendRows ?? Math.max(2, Math.floor(rows / 3));
  const isTold = chart.curves.length === 1 && saidOf(chart.curves[0]) === chart.yName;
  const legend = most === 0 || isTold ? [] : legendLines(chart.curves, { columns, rows: most, width }, style);
  const height = Math.max(MIN_ROWS, rows - head.length - legend.length - 2);
  const { lines, column } = plotLines(chart, chart.x, chart.y, columns, height, style);
  const plot = { column, row: head.length, columns: roomOf(columns, column), rows: height };
  return { lines: [...head, ...lines, ...legend], plot };
}

function headLines({ title, yName }: Chart, columns: number): Line[] {
  const lines: Line[] = [];
  if (title !== undefined) lines.push([{ text: title.slice(0, columns), paint: "title" }]);
  if (yName !== undefined) lines.push([{ text: yName.slice(0, columns), paint: "axis" }]);
  return lines;
}

/** The columns of curves that begin at a column. */
function roomOf(columns: number, column: number): number {
  return Math.max(4, columns - column);
}

/** The curves between their axes, and the column at which they begin. */
function plotLines(
  chart: Chart,
  x: Scale,
  y: Scale,
  columns: number,
  rows: number,
  style: CurveStyle,
): { readonly lines: Line[]; readonly column: number } {
  const { axis } = style.characters;
  const ticks = new Map<number, Tick>();
  for (const tick of ticksOf(y, Math.max(2, Math.ceil(rows / 2.5)))) {
    const row = Math.round((rows - 1) * (1 - y.place(tick.value)));
    if (row >= 0 && row < rows && !ticks.has(row)) ticks.set(row, tick);
  }
  const margin = Math.max(...ticks.values().map(({ text }) => text.length), 1);
  const room = roomOf(columns, margin + 2);
  const curves = curveCells(chart, x, y, { columns: room, rows }, style);
  const below = xAxis(x, room, chart, style);
  const lines: Line[] = [
    ...curves.map((spans, row): Line => {
      const tick = ticks.get(row);
      const edge = tick === undefined ? axis.vertical : axis.verticalTick;
      return [{ text: `${(tick?.text ?? "").padStart(margin)} ${edge}`, paint: "axis" }, ...spans];
    }),
    [{ text: `${" ".repeat(margin)} ${axis.corner}${below.line}`, paint: "axis" }],
    [{ text: `${" ".repeat(margin + 2)}${below.texts}`, paint: "axis" }],
  ];
  return { lines, column: margin + 2 };
}

/** A shorter rest of a name says nothing. */
const MIN_NAME = 6;

/** The line below the curves and the numbers below that, as many as do not touch each other or the name of the axis. */
function xAxis(x: Scale, room: number, chart: Chart, { characters }: CurveStyle): { line: string; texts: string } {
  const { xName: name } = chart;
  const { ellipsis } = characters;
  let crowded: { line: string; texts: string } | undefined;
  for (let most = Math.max(1, Math.floor(room / 9)); most > 0; most = most > 8 ? Math.floor(most * 0.8) : most - 1) {
    const placed = ticksOf(x, most, chart.isWholeX)
      .map(({ value, text }) => ({ column: Math.round(x.place(value) * (room - 1)), text }))
      .filter(({ column }) => column >= 0 && column < room);
    let texts = "";
    let isFree = true;
    for (const { column, text } of placed) {
      const start = Math.max(0, Math.min(room - text.length, column - (text.length >> 1)));
      isFree &&= texts === "" || start >= texts.length + 2;
      texts = texts.padEnd(start) + text;
    }
    if (!isFree && most > 1) continue;
    const line = Array.from({ length: room }, () => characters.axis.horizontal);
    for (const { column } of placed) line[column] = characters.axis.horizontalTick;
    const axis = { line: line.join(""), texts };
    if (name === undefined) return axis;
    const named = withName(texts, name, room);
    if (named !== undefined) return { ...axis, texts: named };
    crowded = axis;
  }
  if (crowded === undefined) return { line: characters.axis.horizontal.repeat(room), texts: "" };
  // No number is left out for a name that is too long anyway: what fits of it stands in the widest gap.
  const widest = Math.max(...[...crowded.texts.matchAll(/ {2,}/g)].map(([spaces]) => spaces.length), 0) - 4;
  const end = room - crowded.texts.length - 2;
  const length = Math.max(widest, end);
  if (length < MIN_NAME) return crowded;
  return { ...crowded, texts: withName(crowded.texts, name!.slice(0, length - ellipsis.length) + ellipsis, room)! };
}

/**
 * The name of the axis at its right end, or where a number stands there, in the last gap between numbers that has room;
 * undefined where it fits nowhere.
 */
function withName(texts: string, name: string, room: number): string | undefined {
  if (texts.length + 2 + name.length <= room) return texts.padEnd(room - name.length) + name;
  const gap = [...texts.matchAll(/ {2,}/g)].findLast(([spaces]) => spaces.length >= name.length + 4);
  if (gap === undefined) return undefined;
  const start = gap.index + ((gap[0].length - name.length) >> 1);
  return texts.slice(0, start) + name + texts.slice(start + name.length);
}
