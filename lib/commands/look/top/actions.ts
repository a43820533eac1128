import { messageOf, UsageError } from "../../../base/errors.ts";
import { LineEditor } from "../../../terminal/screen/line_editor.ts";
import type { TopControl } from "./control.ts";
import type { ExperimentRow } from "./model/experiments.ts";
import { isOpen } from "./model/model.ts";
import { metricOf } from "./series_choice.ts";
import { type Pane, PANES, type Prompt, type Tab } from "./state.ts";
import { counted, named, nameOf } from "./wording.ts";

/** Moves the cursor in the list. */
export function move({ state }: TopControl, by: number): void {
  state.list.move(by, state.model.rows.length);
  state.scroll = 0;
}

/** Marks the row under the cursor, or takes the mark away. In the list it goes on; elsewhere, where that may be hidden, it says so. */
export function mark(control: TopControl): void {
  const { state } = control;
  const row = state.current;
  if (row === undefined) return;
  const wasMarked = state.marks.delete(row.key);
  if (!wasMarked) state.marks.set(row.key, row);
  if (state.pane === "runs") move(control, 1);
  else state.say(`${wasMarked ? "no longer marked" : "marked"}: ${nameOf(row)}`);
}

/** Marks all, or none where all are. */
export function markAll({ state }: TopControl): void {
  const { rows } = state.model;
  const areAll = rows.every((row) => state.marks.has(row.key));
  state.marks.clear();
  if (!areAll) { for (const row of rows) state.marks.set(row.key, row); }
}

/** Chooses a pane. */
export function focus({ state }: TopControl, pane: Pane): void {
  state.focus(pane);
}

/** Chooses the next pane, or the one before. */
export function nextPane({ state }: TopControl, by: number): void {
  state.focus(PANES[(PANES.indexOf(state.pane) + by + PANES.length) % PANES.length]);
}

/** Shows a pane alone, or all again. From the list one goes to the charts of a run first, as it is what is wanted there. */
export function zoom({ state }: TopControl): void {
  if (state.pane === "runs" && !state.isZoomed) state.focus("charts");
  else state.isZoomed = !state.isZoomed;
}

/** One step back: out of a pane alone, to the list, without marks, without a filter. */
export function back(control: TopControl): void {
  const { state } = control;
  if (state.message !== undefined) state.message = undefined;
  else if (state.probe !== undefined && state.pane === "charts") state.probe = undefined;
  else if (state.isZoomed) state.isZoomed = false;
  else if (state.pane !== "runs") state.focus("runs");
  else if (state.marks.size > 0) state.marks.clear();
  else if (state.where !== "") void relist(control, "", state.sort);
}

/** Chooses another chart. */
export function chart({ state }: TopControl, by: number): void {
  state.chart = Math.max(0, Math.min(state.chartCount - 1, state.chart + by));
}

/** Scrolls in the details. Output is at its end at first, and scrolls from there. */
export function scroll({ state }: TopControl, by: number): void {
  const to = state.scroll + (state.tab === "output" ? -by : by);
  state.scroll = Math.max(0, Math.min(MAX_SCROLL, to));
}

const MAX_SCROLL = 1_000_000;

/** Shows info or output; again, alone. */
export function showTab({ state }: TopControl, tab: Tab): void {
  if (state.pane === "details" && state.tab === tab) state.isZoomed = !state.isZoomed;
  state.focus("details");
  state.tab = tab;
  state.scroll = 0;
}

/** Shows how the marked runs differ. */
export function compare({ state }: TopControl): void {
  if (state.marks.size < 2) return state.say("mark two runs or more with space, then compare them with c");
  state.focus("details");
  state.tab = "info";
  state.scroll = 0;
}

export function toggleLog({ state }: TopControl): void {
  state.isLog = !state.isLog;
}

/** What charts may be drawn over. */
export const AXES = ["step", "time", "relative"] as const;

/** Draws the charts over the next axis. */
export function nextAxis(control: TopControl): void {
  setAxis(control, AXES[(AXES.indexOf(control.state.style.x) + 1) % AXES.length]);
}

/** Draws the charts over an axis. */
export function setAxis({ state }: TopControl, x: (typeof AXES)[number]): void {
  state.style = { ...state.style, x };
  state.probe = undefined;
}

/** Moves the line at which the charts say their values. The first time it comes in from the side. */
export function probe({ state }: TopControl, by: number): void {
  const { plot } = state;
  if (plot === undefined) return;
  const last = plot.columns - 1;
  const from = state.probe === undefined ? (by > 0 ? -1 : last + 1) : Math.round(plot.x.place(state.probe) * last);
  state.probe = plot.x.value(Math.max(0, Math.min(last, from + by)) / last);
}

/** How much of the past curves may be smoothed with. */
export const SMOOTHINGS = [0, 0.6, 0.8, 0.9, 0.95, 0.99];

/** More or less smoothing. */
export function smooth({ state }: TopControl, by: number): void {
  const { smooth } = state.style;
  const next = by > 0 ? SMOOTHINGS.find((one) => one > smooth) : SMOOTHINGS.findLast((one) => one < smooth);
  state.style = { ...state.style, smooth: next ?? smooth };
}

/** Shows the next series of the rows in the list. */
export function nextMetric({ state }: TopControl): void {
  const facts = state.model.rows.map((row) => state.model.factsOf(row) ?? []);
  const names = [...new Set(facts.flat().map(({ series }) => series))].sort();
  if (names.length === 0) return;
  const { metric } = metricOf(facts, state.metric);
  state.metric = names[(names.indexOf(metric ?? "") + 1) % names.length];
}

/** The columns that the keys sort by, from the left. */
function sortColumns({ state }: TopControl): string[] {
  const { metric } = state;
  const { title } = metricOf(state.model.rows.map((row) => state.model.factsOf(row) ?? []), metric);
  return ["created", "name", "status", "duration", ...title === "" ? [] : [`last:${title}`], ...state.options.cols];
}

/** Sorts by the column beside. */
export function sortBeside(control: TopControl, by: number): void {
  const columns = sortColumns(control);
  const own = columns.indexOf(control.state.sort.replace(/^-/, ""));
  const name = columns[(own + by + columns.length) % columns.length];
  void relist(control, control.state.where, ["created", "duration"].includes(name) ? `-${name}` : name);
}

/** Sorts by a column: by the same one again, the other way round. */
export function sortBy(control: TopControl, column: string): void {
  const { sort, where } = control.state;
  void relist(control, where, sort === column ? (sort.startsWith("-") ? sort.slice(1) : `-${sort}`) : column);
}

/** Turns the order round. */
export function reverse(control: TopControl): void {
  sortBy(control, control.state.sort);
}

async function relist(control: TopControl, where: string, sort: string): Promise<void> {
  try {
    await control.relist(where, sort);
  } catch (error) {
    control.state.say(messageOf(error), true);
    control.redraw();
  }
}

/** Asks for a condition. */
export function askFilter(control: TopControl): void {
  const { state } = control;
  open(control, {
    title: "/",
    line: new LineEditor(state.where),
    complete: (before) => control.complete("condition", before),
    help: 'part of a name, or a condition: params.lr < 0.1 and status = "failed"; tab completes',
    accept: (text) => control.relist(text.trim(), state.sort),
  });
}

/** Asks for the column to sort by. */
export function askSort(control: TopControl): void {
  const { state } = control;
  open(control, {
    title: "sort by",
    line: new LineEditor(),
    complete: (before) => control.complete("column", before),
    help: "a column such as min:loss or params.lr; - before it turns the order round",
    accept: (text) => text.trim() === "" ? undefined : control.relist(state.where, text.trim()),
  });
}

/** Asks which series have charts. */
export function askSeries(control: TopControl): void {
  const { state } = control;
  open(control, {
    title: "series",
    line: new LineEditor(state.chartFilter),
    complete: (before) => control.complete("series", before),
    help: "part of a name, or a glob such as val/*",
    accept: (text) => void (state.chartFilter = text.trim()),
  });
}

/** Asks for a tag. */
export function askTag(control: TopControl): void {
  change(control, "tag", "a word; - before it takes it away", (rows, text) => tagRows(control, rows, text));
}

/** Tags runs, or takes a tag away that has `-` before it. */
export async function tagRows(control: TopControl, rows: readonly ExperimentRow[], text: string): Promise<void> {
  const isRemoved = text.startsWith("-") && text.length > 1;
  const words = isRemoved ? ["--remove"] : [];
  for (const row of rows) await control.run(row, "tag", [...words, "--", row.exp, isRemoved ? text.slice(1) : text]);
  control.state.say(`${isRemoved ? "took the tag away from" : "tagged"} ${counted(rows)}`);
}

/** Asks for a note. */
export function askNote(control: TopControl): void {
  change(control, "note", "what you want to remember", (rows, text) => noteRows(control, rows, text));
}

/** Adds a note to runs. */
export async function noteRows(control: TopControl, rows: readonly ExperimentRow[], text: string): Promise<void> {
  for (const row of rows) await control.run(row, "note", ["--", row.exp, text]);
  control.state.say(`noted at ${counted(rows)}`);
}

/**
 * The runs that a change is about.
 *
 * @throws {UsageError} Where there are none.
 */
export function chosenOf({ state }: TopControl): readonly ExperimentRow[] {
  if (state.chosen.length === 0) throw new UsageError("There is no run in the list");
  return state.chosen;
}

/** Asks runs to stop, once it is confirmed. */
export function askStop(control: TopControl): void {
  const { state } = control;
  if (state.options.isReadOnly) return;
  const rows = state.chosen.filter(isOpen);
  if (rows.length === 0) return state.say("only running ones can be stopped");
  state.question = {
    text: `stop ${named(rows)}?`,
    yes: async () => {
      for (const row of rows) await control.run(row, "stop", ["--", row.exp]);
      state.say(`asked ${counted(rows)} to stop`);
    },
  };
}

/** A prompt for something that is said of the chosen rows. */
function change(
  control: TopControl,
  title: string,
  help: string,
  accept: (rows: readonly ExperimentRow[], text: string) => Promise<void>,
): void {
  const { state } = control;
  if (state.options.isReadOnly || state.chosen.length === 0) return;
  const rows = state.chosen;
  open(control, {
    title: `${title} ${named(rows)}:`,
    line: new LineEditor(),
    complete: title === "tag" ? (before) => control.complete("tag", before) : undefined,
    help,
    accept: async (text) => {
      if (text.trim() !== "") await accept(rows, text.trim());
    },
  });
}

/** Opens a line to type in. */
export function open(control: TopControl, prompt: Omit<Prompt, "suggestions" | "chosen" | "replaces">): void {
  const { state } = control;
  state.message = undefined;
  state.prompt = { ...prompt, suggestions: [], chosen: -1, replaces: 0 };
  if (prompt.complete !== undefined) control.prepare();
}
