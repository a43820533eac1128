import { paletteIndex } from "../../../../plot/palette_index.ts";
import { sparkline } from "../../../../plot/sparkline.ts";
import type { Area, Box } from "../../../../terminal/screen/cells.ts";
import { drawFrame } from "../../../../terminal/screen/frame.ts";
import { fitText } from "../../../../terminal/screen/graphemes.ts";
import { BOLD } from "../../../../terminal/screen/style.ts";
import type { CurveQuestion } from "../model/curves.ts";
import type { ExperimentRow } from "../model/experiments.ts";
import { isSystem, type SeriesFact, usageOf } from "../model/facts.ts";
import { progressOf } from "../model/progress.ts";
import { metricOf, shortTitle } from "../series_choice.ts";
import type { TopState } from "../state.ts";
import { type PlacedColumn, placedColumns, type RowFacts, runColumns, tookOf } from "./runs_columns.ts";
import { curveStyle, THEME } from "./theme.ts";

/** Characters of a sparkline. */
const SPARK = 12;

/** What was drawn, for the mouse and for the model. */
export interface DrawnRuns {
  /** The rows that are seen. */
  readonly rows: readonly ExperimentRow[];
  readonly curves: readonly CurveQuestion[];
  /** Where the rows stand. */
  readonly body: Box;
  /** The head of the list. */
  readonly head: { readonly row: number; readonly columns: readonly (PlacedColumn & { readonly from: number })[] };
}

/** Draws the list of experiments. */
export function drawRuns(area: Area, state: TopState): DrawnRuns {
  const { model, list } = state;
  const isFocused = state.pane === "runs";
  const count = model.rows.length;
  const sort = `${state.sort.startsWith("-") ? "↓" : "↑"}${state.sort.replace(/^-/, "")}`;
  const inner = drawFrame(
    area,
    {
      title: state.marks.size > 0 ? `runs · ${state.marks.size} marked` : "runs",
      right: count === 0 ? "" : `${list.cursor + 1}/${count}${model.hasMore ? "+" : ""} ${sort}`,
    },
    isFocused ? THEME.focused : THEME.frame,
  );
  const body = { column: 0, row: 1, columns: inner.columns, rows: Math.max(0, inner.rows - 1) };
  const [from, to] = list.fit(count, body.rows);
  const rows = model.rows.slice(from, to);
  const { metric, title } = metricOf(rows.map((row) => model.factsOf(row) ?? []), state.metric);
  const curves = sparkQuestions(rows, metric);
  const facts = rows.map((row) => factsOf(state, row, metric, curves));
  const now = state.options.now();
  const columns = runColumns({
    now,
    answeredAt: model.answeredAt ?? now,
    metric: title,
    cols: state.options.cols,
    sources: model.sources.length,
    rows: model.rows,
  });
  const placed = placedColumns(columns, facts, inner.columns - 2);
  const head = drawHead(inner, placed, state.sort);
  if (count === 0) inner.text(2, 1, emptyText(state), THEME.faint);
  facts.forEach((facts, at) => drawRow(inner, at + 1, facts, placed, state, from + at === list.cursor, isFocused));
  const corner = { column: inner.box.column, row: inner.box.row };
  return {
    rows,
    curves,
    body: { ...body, column: corner.column, row: corner.row + 1 },
    head: { row: corner.row, columns: head.map((it) => ({ ...it, from: it.from + corner.column })) },
  };
}

function drawHead(area: Area, placed: readonly PlacedColumn[], sort: string) {
  let from = 2;
  return placed.map(({ column, width }) => {
    const own = column.sort !== undefined && column.sort.replace(/^-/, "") === sort.replace(/^-/, "");
    area.text(
      from,
      0,
      fitText(column.title, width, column.side === "right" ? "left" : "right"),
      own ? BOLD : THEME.head,
    );
    const drawn = { column, width, from };
    from += width + 1;
    return drawn;
  });
}

function drawRow(
  area: Area,
  row: number,
  facts: RowFacts,
  placed: readonly PlacedColumn[],
  state: TopState,
  isCurrent: boolean,
  isFocused: boolean,
): void {
  const place = [...state.marks.keys()].indexOf(facts.row.key);
  if (place >= 0) {
    area.text(
      0,
      row,
      "●",
      curveStyle(paletteIndex(place, state.marks.size), state.options.look.manyColours),
    );
  }
  let from = 2;
  for (const { column, width } of placed) {
    const { text, style } = column.cell(facts);
    area.text(from, row, fitText(text, width, column.side === "right" ? "left" : "right"), style);
    from += width + 1;
  }
  if (isCurrent) {
    area.restyle(0, row, area.columns, (style) => style | (isFocused ? THEME.cursor : THEME.cursorElsewhere));
  }
}

function emptyText({ model, where, options }: TopState): string {
  if (model.answeredAt === undefined) return "reading…";
  if (where !== "") return "no experiment matches; / changes the filter";
  const { where: _, ...given } = options.filter;
  return Object.keys(given).length > 0 ? "no experiment matches the command line" : "no experiments yet";
}

function factsOf(
  state: TopState,
  row: ExperimentRow,
  metric: string | undefined,
  questions: readonly CurveQuestion[],
): RowFacts {
  const { model } = state;
  const facts = model.factsOf(row) ?? [];
  const question = questions.find(({ source }) => source === row.source);
  const curves = question && model.curvesOf(question)?.filter(({ labels }) => labels.exp === row.exp);
  const curve = curves?.at(-1);
  const now = state.options.now();
  const elapsed = tookOf(row, now, model.answeredAt ?? now);
  return {
    row,
    progress: row.status === "running" ? progressOf(row.params, facts, model.printedOf(row), elapsed) : undefined,
    ...(row.status === "running" ? usageOf(facts) : { cpu: undefined, gpu: undefined }),
    sparkline: curve === undefined ? "" : sparkline(curve.y.value, SPARK, state.options.look.characters),
    value: metric === undefined ? undefined : lastValue(facts, metric),
  } as RowFacts;
}

/** The last value of a series, or of the only one that is called the same behind its event. */
function lastValue(facts: readonly SeriesFact[], metric: string): number | undefined {
  const own = facts.findLast(({ series }) => series === metric);
  if (own !== undefined) return own.last;
  const alike = facts.filter((fact) => !isSystem(fact) && shortTitle(fact.series) === shortTitle(metric));
  return new Set(alike.map(({ series }) => series)).size === 1 ? alike.at(-1)!.last : undefined;
}

/** The curves of the list: one question for each repository. */
function sparkQuestions(rows: readonly ExperimentRow[], metric: string | undefined): CurveQuestion[] {
  if (metric === undefined) return [];
  const style = { x: "step", smooth: 0, points: 4 * SPARK } as const;
  return [...new Set(rows.map(({ source }) => source))].map((source) => {
    const ids = rows.filter((row) => row.source === source).map(({ exp }) => exp);
    return { source, series: metric, ids, style };
  });
}
