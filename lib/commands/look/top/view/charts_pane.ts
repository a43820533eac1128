import { type Chart, type ChartCurve, chartOf } from "../../../../plot/chart.ts";
import { type ChartCells, placedCells } from "../../../../plot/cells/chart_cells.ts";
import { nearestPoint } from "../../../../plot/nearest_point.ts";
import { paletteIndex } from "../../../../plot/palette_index.ts";
import type { Scale } from "../../../../plot/scale/scale.ts";
import type { Span } from "../../../../plot/cells/span.ts";
import type { Area, Box } from "../../../../terminal/screen/cells.ts";
import { drawFrame } from "../../../../terminal/screen/frame.ts";
import { columnsOf, fitText } from "../../../../terminal/screen/graphemes.ts";
import { gridIn } from "../../../../terminal/screen/layout.ts";
import { BOLD, DIM, PLAIN, type Style } from "../../../../terminal/screen/style.ts";
import { short } from "../../../../terminal/values.ts";
import type { CurveQuestion } from "../model/curves.ts";
import type { ExperimentRow } from "../model/experiments.ts";
import { chartedSeries, chartTitle } from "../series_choice.ts";
import type { TopState } from "../state.ts";
import { counted } from "../wording.ts";
import { curveStyle, THEME } from "./theme.ts";

/** The least size of a chart. */
const MIN_CHART = { columns: 30, rows: 8 };

/** Curves are read with so many points for each column: as many as braille has dots, twice. */
const POINTS_A_COLUMN = 4;
/** Widths are rounded up to this, so that a little more room does not read the curves again. */
const WIDTH_STEP = 64;

/** What was drawn. */
export interface DrawnCharts {
  readonly curves: readonly CurveQuestion[];
  /** Where each chart of the page stands, its place among all, and where its curves are on the screen. */
  readonly charts: readonly { readonly box: Box; readonly at: number; readonly plot?: DrawnPlot }[];
}

/** Where the curves of a chart are. */
export interface DrawnPlot {
  readonly box: Box;
  readonly x: Scale;
}

/** Draws a grid of charts: one for each series of the chosen experiments. */
export function drawCharts(area: Area, state: TopState): DrawnCharts {
  const { model, chosen } = state;
  const isFocused = state.pane === "charts";
  const series = chartedSeries(chosen.map((row) => model.factsOf(row) ?? []), state.chartFilter);
  state.chartCount = series.length;
  state.chart = Math.max(0, Math.min(series.length - 1, state.chart));
  const isSingle = state.isZoomed && isFocused;
  const inside = { column: 1, row: 1, columns: area.columns - 2, rows: area.rows - 2 };
  const boxes = gridIn(inside, isSingle ? Math.min(1, series.length) : series.length, MIN_CHART);
  state.chartsPerPage = Math.max(1, boxes.length);
  const from = Math.floor(state.chart / state.chartsPerPage) * state.chartsPerPage;
  const page = series.slice(from, from + state.chartsPerPage);
  const inner = drawFrame(
    area,
    titlesOf(state, series.length, from, page.length),
    frameStyle(isFocused),
  );
  if (series.length === 0) {
    inner.text(1, 0, emptyText(state), THEME.faint);
    return { curves: [], charts: [] };
  }
  const curves: CurveQuestion[] = [];
  state.plot = undefined;
  const charts = page.map((name, index) => {
    const box = boxes[index];
    const asked = questionsOf(state, name, box.columns);
    curves.push(...asked);
    const isChosen = from + index === state.chart;
    const plot = drawChart(area.part(box), state, name, asked, isFocused && isChosen && page.length > 1);
    if (isChosen && plot !== undefined) state.plot = { x: plot.x, columns: plot.box.columns };
    const at = { ...box, column: box.column + area.box.column, row: box.row + area.box.row };
    return { box: at, at: from + index, plot };
  });
  return { curves, charts };
}

function titlesOf(state: TopState, count: number, from: number, shown: number) {
  const { chosen, style, isLog, chartFilter } = state;
  const what = state.marks.size > 0
    ? counted(chosen)
    : chosen[0] === undefined
    ? "charts"
    : `${chosen[0].name === "" ? chosen[0].kind : chosen[0].name} ${chosen[0].exp.slice(0, 6)}`;
  const how = [
    ...chartFilter === "" ? [] : [`only ${chartFilter}`],
    ...style.x === "step" ? [] : [`by ${style.x}`],
    ...style.smooth === 0 ? [] : [`smooth ${style.smooth}`],
    ...isLog ? ["log y"] : [],
  ];
  const title = [what, ...how].join(" · ");
  return { title, right: count > shown ? `${from + 1}–${from + shown} of ${count}` : "" };
}

function emptyText({ model, chosen, chartFilter }: TopState): string {
  if (chosen.length === 0) return "";
  if (chosen.some((row) => model.factsOf(row) === undefined)) return "reading…";
  return chartFilter === "" ? "no numbers logged yet" : `no series matches ${chartFilter}; f changes it`;
}

function questionsOf(state: TopState, series: string, columns: number): CurveQuestion[] {
  const points = Math.ceil(columns / WIDTH_STEP) * WIDTH_STEP * POINTS_A_COLUMN;
  const style = { ...state.style, points };
  return [...new Set(state.chosen.map(({ source }) => source))].map((source) => {
    const ids = state.chosen.filter((row) => row.source === source).map(({ exp }) => exp);
    return { source, series, ids, style };
  });
}

function drawChart(
  area: Area,
  state: TopState,
  series: string,
  asked: readonly CurveQuestion[],
  isCurrent: boolean,
): DrawnPlot | undefined {
  const { chosen, model, options } = state;
  const found = asked.map((question) => ({ source: question.source, curves: model.curvesOf(question) }));
  const places = new Map(chosen.map((row, at) => [row.key, { row, at }]));
  const all = found.flatMap(({ source, curves = [] }) =>
    curves.flatMap((curve) => {
      const place = places.get(`${source.name}\0${curve.labels.exp}`);
      return place === undefined ? [] : [{ curve, ...place }];
    })
  );
  const said = all.flatMap(({ curve: { x, y } }) => pointAt({ x, y: y.value }, state.probe) ?? []);
  const isSaid = said.length > 0;
  const last = !isSaid
    ? lastOf(chosen, state, series)
    : `at ${placeText(state, said[0].x)}${said.length === 1 ? `: ${short(said[0].y)}` : ""}`;
  const title = fitText(chartTitle(series), Math.max(1, area.columns - columnsOf(last) - 2));
  area.text(0, 0, title, isCurrent ? BOLD | THEME.focused : BOLD);
  area.text(area.columns - columnsOf(last) - 1, 0, last, THEME.faint);
  const body = area.part({ column: 0, row: 1, columns: area.columns - 1, rows: area.rows - 1 });
  if (all.length === 0) {
    body.text(1, 0, found.some(({ curves }) => curves === undefined) ? "reading…" : "no points", THEME.faint);
    return undefined;
  }
  // Several runs of the one experiment are told apart; several experiments each have their colour.
  const isOne = chosen.length === 1;
  const curves = all.map(({ curve, row, at }, index): ChartCurve => ({
    label: valueText(pointAt({ x: curve.x, y: curve.y.value }, state.probe)?.y) +
      (isOne ? String(curve.labels.run) : row.name === "" ? row.exp.slice(0, 6) : `${row.name} ${row.exp.slice(0, 6)}`),
    x: curve.x,
    y: curve.y.value,
    colour: isOne ? paletteIndex(index, all.length) : paletteIndex(at, chosen.length),
  }));
  const chart = chartOf(curves, {
    xKind: state.style.x === "time" ? "time" : "linear",
    yKind: state.isLog ? "log" : "linear",
  });
  const { plot } = drawCells(body, chart, options.look, isSaid);
  if (plot === undefined || chart.x === undefined) return undefined;
  if (state.probe !== undefined) drawProbe(body, plot, chart.x.place(state.probe), options.look);
  const box = { ...plot, column: plot.column + body.box.column, row: plot.row + body.box.row };
  return { box, x: chart.x };
}

/** The point of a curve that is nearest to a place of the x axis; undefined where that is beyond its points. */
function pointAt(curve: Pick<ChartCurve, "x" | "y">, place: number | undefined): ReturnType<typeof nearestPoint> {
  if (place === undefined) return undefined;
  const [first, last] = [curve.x[0], curve.x[curve.x.length - 1]];
  return place < first || place > last ? undefined : nearestPoint(curve, place);
}

/** A place on the x axis. */
function placeText({ style }: TopState, x: number): string {
  return style.x === "time" ? new Date(x).toISOString().slice(0, 19) + "Z" : short(x);
}

/** Before the name of a curve. */
function valueText(value: number | undefined): string {
  return value === undefined ? "" : `${short(value)}  `;
}

/** Draws a line behind the curves, where they leave room. */
function drawProbe(area: Area, plot: NonNullable<ChartCells["plot"]>, place: number, { characters }: Look): void {
  if (!(place >= 0 && place <= 1)) return;
  const column = plot.column + Math.round(place * (plot.columns - 1));
  for (let row = plot.row; row < Math.min(area.rows, plot.row + plot.rows); row++) {
    if (area.isEmpty(column, row)) area.text(column, row, characters === "ascii" ? "|" : "│", THEME.frame);
  }
}

function lastOf(chosen: readonly ExperimentRow[], { model }: TopState, series: string): string {
  if (chosen.length !== 1) return "";
  const fact = model.factsOf(chosen[0])?.findLast((fact) => fact.series === series);
  return fact === undefined ? "" : short(fact.last);
}

type Look = TopState["options"]["look"];

/** Draws a chart into an area. `isSaid`: the legend has the values at a place, so more of it is shown. */
function drawCells(area: Area, chart: Chart, { characters, colour, manyColours }: Look, isSaid: boolean): ChartCells {
  const cells = placedCells(chart, {
    columns: area.columns,
    rows: area.rows,
    characters,
    colour,
    legendRows: chart.curves.length > 1 && area.rows >= (isSaid ? 7 : 10)
      ? isSaid ? Math.max(2, Math.floor(area.rows / 3)) : Math.min(4, Math.floor(area.rows / 4))
      : 0,
    width: columnsOf,
  });
  cells.lines.slice(0, area.rows).forEach((line, row) => {
    let column = 0;
    for (const span of line) column = area.text(column, row, span.text, styleOf(span, manyColours));
  });
  return cells;
}

function styleOf({ paint, isFaint }: Span, manyColours: boolean): Style {
  if (paint === "axis") return THEME.frame;
  if (paint === "title") return BOLD;
  const style = paint === undefined ? PLAIN : curveStyle(paint, manyColours);
  return isFaint ? style | DIM : style;
}

function frameStyle(isFocused: boolean): Style {
  return isFocused ? THEME.focused : THEME.frame;
}
