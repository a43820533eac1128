import type { Json, JsonObject } from "../../../../base/json.ts";
import { colourOf, shown } from "../../ls/cells.ts";
import type { QueryValue } from "../../../../query/result/answer.ts";
import { age, cellsOf, duration, short } from "../../../../terminal/values.ts";
import { differingKeys, paramColumn } from "../../../../query/list/differing_params.ts";
import { paletteOf } from "../../../../terminal/colours.ts";
import { columnsOf } from "../../../../terminal/screen/graphemes.ts";
import { ink, PLAIN, type Style } from "../../../../terminal/screen/style.ts";
import type { ExperimentRow } from "../model/experiments.ts";
import type { Progress } from "../model/progress.ts";
import { statusSign, THEME } from "./theme.ts";

/** What is known of a row when it is drawn. */
export interface RowFacts {
  readonly row: ExperimentRow;
  readonly progress: Progress | undefined;
  readonly cpu: number | undefined;
  readonly gpu: number | undefined;
  readonly sparkline: string;
  readonly value: number | undefined;
}

/** A column of the list. */
export interface RunColumn {
  readonly title: string;
  readonly side: "left" | "right";
  /** What the list is sorted by if somebody chooses this column. */
  readonly sort?: string;
  /** The smaller, the longer it stays where there is little room. */
  readonly rank: number;
  /** Its widest text is wider in no row; texts are cut. */
  readonly most: number;
  readonly cell: (facts: RowFacts) => { readonly text: string; readonly style: Style };
}

/** Cells of a bar. */
const BAR = 8;

/** How values are written on a terminal. */
export const cell = cellsOf({ isTerminal: true });

/** What the columns depend on. */
interface ColumnsContext {
  readonly now: number;
  readonly answeredAt: number;
  readonly metric: string;
  readonly cols: readonly string[];
  readonly sources: number;
  readonly rows: readonly ExperimentRow[];
}

/** The columns of the list, from the left. */
export function runColumns(context: ColumnsContext): RunColumn[] {
  const { now, answeredAt, metric, cols, rows } = context;
  const text = (text: string, style: Style = PLAIN) => ({ text, style });
  const percent = (value: number | undefined) => text(value === undefined ? "" : `${Math.round(value)}%`);
  const params = differingIn(rows);
  return [
    {
      title: "",
      side: "left",
      sort: "status",
      rank: 0,
      most: 1,
      cell: ({ row }) => statusSign(row.status),
    },
    { title: "id", side: "left", sort: "id", rank: 1, most: 6, cell: ({ row }) => text(row.exp.slice(0, 6)) },
    {
      title: "name",
      side: "left",
      sort: "name",
      rank: 2,
      most: 24,
      cell: ({ row }) => text(row.name === "" ? row.kind : row.name),
    },
    ...context.sources > 1
      ? [
        {
          title: "repo",
          side: "left",
          rank: 3,
          most: 16,
          cell: ({ row }: RowFacts) => text(shortName(row.source.name), THEME.faint),
        } as const,
      ]
      : [],
    {
      title: "progress",
      side: "left",
      rank: 4,
      most: BAR + 12,
      cell: (facts) => progressCell(facts),
    },
    { title: metric, side: "right", sort: metric && `last:${metric}`, rank: 5, most: 10, cell: valueCell },
    { title: "", side: "left", rank: 6, most: 12, cell: ({ sparkline }) => text(sparkline, THEME.focused) },
    ...cols.map((name, at): RunColumn => ({
      title: name,
      side: "right",
      sort: name,
      rank: 7,
      most: 16,
      cell: ({ row }) => {
        const value = shownValue(name, row.values[at]);
        const colour = colourOf(name, value);
        const place = colour && paletteOf(colour);
        return text(value, place === undefined ? PLAIN : ink(place));
      },
    })),
    ...params.map((name, at): RunColumn => ({
      title: name,
      side: "right",
      sort: paramColumn(name),
      rank: 9 + at,
      most: 12,
      cell: ({ row }) => text(cell(paramOf(row.params, name))),
    })),
    { title: "gpu", side: "right", rank: 8, most: 4, cell: ({ gpu }) => percent(gpu) },
    { title: "cpu", side: "right", rank: 8.5, most: 4, cell: ({ cpu }) => percent(cpu) },
    {
      title: "age",
      side: "right",
      sort: "-created",
      rank: 7.5,
      most: 6,
      cell: ({ row }) => text(age(row.createdAt, now), THEME.faint),
    },
    {
      title: "took",
      side: "right",
      sort: "duration",
      rank: 20,
      most: 7,
      cell: ({ row }) => text(duration(tookOf(row, now, answeredAt)), THEME.faint),
    },
    { title: "tags", side: "left", rank: 10, most: 14, cell: ({ row }) => text(row.tags.join(","), THEME.warning) },
    { title: "note", side: "left", rank: 21, most: 30, cell: ({ row }) => text(row.note, THEME.faint) },
  ];
}

/** How long an experiment has been running in all: of a running one a little more since it was asked. */
export function tookOf({ status, durationMs }: ExperimentRow, now: number, answeredAt: number): number | undefined {
  return status === "running" && durationMs !== undefined ? durationMs + Math.max(0, now - answeredAt) : durationMs;
}

function progressCell({ row, progress }: RowFacts): { text: string; style: Style } {
  if (row.status !== "running" || progress === undefined) return { text: "", style: PLAIN };
  const full = Math.round(progress.part * BAR);
  const bar = "█".repeat(full) + "░".repeat(BAR - full);
  const left = progress.leftMs === undefined ? "" : ` ${duration(progress.leftMs).replace(/\.\ds$/, "s")}`;
  return { text: `${bar} ${Math.floor(progress.part * 100)}%${left}`, style: THEME.bar };
}

function valueCell({ value }: RowFacts): { text: string; style: Style } {
  return { text: value === undefined ? "" : short(value), style: PLAIN };
}

function shownValue(name: string, value: QueryValue | undefined): string {
  if (value === null || value === undefined || value instanceof Uint8Array) return "";
  return shown(name, typeof value === "bigint" ? Number(value) : value, cell);
}

/** The end of the name of a repository. */
function shortName(name: string): string {
  return name.replace(/^https?:\/\//, "").replace(/\/+$/, "").split("/").slice(-2).join("/");
}

/** More columns of params are not shown. */
const MAX_PARAMS = 10;

/** The params that differ, as `dbx ls` has them. */
function differingIn(rows: readonly ExperimentRow[]): string[] {
  let keys = differing.get(rows);
  if (keys === undefined) {
    keys = differingKeys(rows.map(({ params }) => params)).slice(0, MAX_PARAMS);
    differing.set(rows, keys);
  }
  return keys;
}

const differing = new WeakMap<readonly ExperimentRow[], string[]>();

function paramOf(params: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

/** A column with its width. */
export interface PlacedColumn {
  readonly column: RunColumn;
  readonly width: number;
}

/** What stands between two columns. */
const GAP = 1;

/** Chooses columns for a width: those of a lower rank first; a column without texts is left out. */
export function placedColumns(columns: readonly RunColumn[], rows: readonly RowFacts[], room: number): PlacedColumn[] {
  const widths = columns.map((column) => {
    const widest = Math.max(0, ...rows.map((facts) => columnsOf(column.cell(facts).text)));
    return widest === 0 ? 0 : Math.min(column.most, Math.max(widest, Math.min(columnsOf(column.title), column.most)));
  });
  const order = [...columns.keys()].filter((at) => widths[at] > 0).sort((a, b) => columns[a].rank - columns[b].rank);
  const kept = new Map<number, number>();
  let left = room;
  for (const at of order) {
    const needed = widths[at] + (kept.size > 0 ? GAP : 0);
    if (needed <= left) kept.set(at, widths[at]);
    else if (columns[at].title === "name" && left > 8) kept.set(at, left - GAP);
    else continue;
    left -= kept.get(at)! + (kept.size > 1 ? GAP : 0);
  }
  return [...kept].sort(([a], [b]) => a - b).map(([at, width]) => ({ column: columns[at], width }));
}
