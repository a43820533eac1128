import { messageOf } from "../../../base/errors.ts";
import type { Area } from "../../../terminal/screen/cells.ts";
import type { Input, MouseInput } from "../../../terminal/screen/input.ts";
import { contains } from "../../../terminal/screen/layout.ts";
import * as actions from "./actions.ts";
import { bindingsFor } from "./bindings.ts";
import { Completer } from "./complete.ts";
import { conditionOf } from "./condition.ts";
import type { Completable, TopControl } from "./control.ts";
import type { ExperimentRow } from "./model/experiments.ts";
import { takePrompt } from "./prompt_input.ts";
import { type Completion, PANES, type TopState } from "./state.ts";
import { type Drawn, drawTop } from "./view/view.ts";

/** What the program needs of the command around it. */
export interface TopSurroundings {
  /** Has it drawn soon. */
  invalidate(): void;
  /** Has everything drawn anew. */
  redraw(): void;
  quit(): void;
  /** Runs another command of dbx; rejects with what it says. */
  run(row: ExperimentRow, name: string, words: readonly string[]): Promise<void>;
}

/** The program of `dbx top`: it draws its state, and what is typed or clicked changes that. */
export class TopApp implements TopControl {
  #drawn: Drawn | undefined;
  #completer: Completer;
  #learning: Promise<void> | undefined;

  constructor(readonly state: TopState, readonly surroundings: TopSurroundings) {
    this.#completer = new Completer([], () => state.model.rows);
  }

  /** Draws everything, and has the model keep up to date what is seen. */
  paint(area: Area): { column: number; row: number } | undefined {
    this.state.followCurrent();
    this.#keepMarks();
    this.#drawn = drawTop(area, this.state);
    this.state.model.need(this.#drawn.needs);
    return this.#drawn.cursor;
  }

  /** Takes what somebody did. */
  take(input: Input): void {
    const { state } = this;
    state.followCurrent();
    if (input.kind === "mouse") this.#click(input);
    else if (state.prompt !== undefined) takePrompt(state, state.prompt, input, () => this.surroundings.invalidate());
    else if (input.kind === "key") this.#press(input.key);
    this.surroundings.invalidate();
  }

  get pageRows(): number {
    return Math.max(1, (this.#drawn?.runs?.body.rows ?? 10) - 1);
  }

  async relist(where: string, sort: string): Promise<void> {
    const { model, options } = this.state;
    const { where: _, ...filter } = options.filter;
    const condition = conditionOf(where);
    await model.ask({ ...filter, ...condition === "" ? {} : { where: condition }, cols: options.cols, sort });
    this.state.where = where;
    this.state.sort = sort;
    this.state.followCurrent();
    this.state.list.move(-Infinity, model.rows.length);
    this.surroundings.invalidate();
  }

  redraw(): void {
    this.surroundings.redraw();
  }

  quit(): void {
    this.surroundings.quit();
  }

  run(row: ExperimentRow, name: string, words: readonly string[]): Promise<void> {
    return this.surroundings.run(row, name, words);
  }

  prepare(): void {
    this.#learning = this.#learn();
    this.#learning.catch(() => {}); // Whoever completes is told.
  }

  async complete(what: Completable, before: string): Promise<Completion> {
    await this.#learning;
    return this.#completer[what](before);
  }

  /** Reads what can be asked. */
  async #learn(): Promise<void> {
    const schemas = await this.state.model.schemas();
    this.#completer = new Completer(schemas, () => this.state.model.rows);
  }

  #press(key: string): void {
    const { state } = this;
    if (state.help !== undefined) return this.#scrollHelp(key);
    if (state.question !== undefined) return this.#answer(key);
    const binding = bindingsFor(state).find(({ keys }) => keys.includes(key));
    if (binding === undefined) return;
    if (key !== "escape") state.message = undefined;
    binding.act(this);
  }

  #scrollHelp(key: string): void {
    const by = { down: 1, j: 1, up: -1, k: -1, "page-down": 10, "page-up": -10, " ": 10 }[key];
    this.state.help = by === undefined ? undefined : Math.max(0, this.state.help! + by);
  }

  #answer(key: string): void {
    const { state } = this;
    const question = state.question!;
    state.question = undefined;
    if (key !== "y" && key !== "Y") return;
    Promise.resolve().then(() => question.yes())
      .catch((error) => state.say(messageOf(error), true))
      .finally(() => this.surroundings.invalidate());
  }

  /** Marked rows are those of the newest answer; one that is gone is not marked any more where the whole list is there. */
  #keepMarks(): void {
    const { marks, model } = this.state;
    if (marks.size === 0) return;
    const now = new Map(model.rows.map((row) => [row.key, row]));
    for (const key of marks.keys()) {
      const row = now.get(key);
      if (row !== undefined) marks.set(key, row);
    }
  }

  #click(input: MouseInput): void {
    const { state } = this;
    const drawn = this.#drawn;
    if (drawn === undefined) return;
    if (state.help !== undefined) {
      return this.#scrollHelp(input.action === "wheel-down" ? "down" : input.action === "wheel-up" ? "up" : "escape");
    }
    const pane = PANES.find((pane) =>
      drawn.panes[pane] !== undefined && contains(drawn.panes[pane], input.column, input.row)
    );
    if (pane === undefined) return;
    if (input.action === "wheel-up" || input.action === "wheel-down") {
      return this.#wheel(pane, input.action === "wheel-down" ? 1 : -1);
    }
    if (input.button !== 0 || input.action === "release") return;
    if (input.action === "drag") return void (pane === "charts" && this.#probe(input));
    const wasFocused = state.pane === pane;
    state.focus(pane);
    if (pane === "runs") this.#clickRuns(input, drawn);
    else if (pane === "charts") {
      const chart = drawn.charts?.charts.find(({ box }) => contains(box, input.column, input.row));
      if (chart === undefined) return;
      const isSamePlace = !this.#probe(input);
      if (wasFocused && isSamePlace && (state.chart === chart.at || state.isZoomed)) state.isZoomed = !state.isZoomed;
      state.chart = chart.at;
    }
  }

  /** Has the charts say their values where the mouse is. Returns whether that is another place than before. */
  #probe({ column, row }: MouseInput): boolean {
    const { state } = this;
    const plot = this.#drawn?.charts?.charts.find(({ box }) => contains(box, column, row))?.plot;
    if (plot === undefined || !contains(plot.box, column, row)) return false;
    const placed = (value: number) => Math.round(plot.x.place(value) * (plot.box.columns - 1));
    const at = column - plot.box.column;
    if (state.probe !== undefined && placed(state.probe) === at) return false;
    state.probe = plot.x.value(at / (plot.box.columns - 1));
    return true;
  }

  #clickRuns({ column, row }: MouseInput, { runs }: Drawn): void {
    if (runs === undefined) return;
    const { state } = this;
    if (row === runs.head.row) {
      const found = runs.head.columns.find(({ from, width }) => column >= from && column <= from + width);
      if (found?.column.sort !== undefined) actions.sortBy(this, found.column.sort);
      return;
    }
    if (!contains(runs.body, column, row)) return;
    // The row that was seen there: a newer answer may have it elsewhere.
    const seen = runs.rows[row - runs.body.row];
    const at = state.model.rows.findIndex(({ key }) => key === seen?.key);
    if (at < 0) return;
    const isAgain = state.list.cursor === at;
    state.list.cursor = at;
    state.scroll = 0;
    // The place of the mark.
    if (column < runs.body.column + 2) actions.mark(this);
    else if (isAgain) actions.zoom(this);
  }

  #wheel(pane: (typeof PANES)[number], by: number): void {
    const { state } = this;
    const rows = this.#drawn?.runs?.body.rows ?? 1;
    if (pane === "runs") state.list.scroll(by * 3, state.model.rows.length, rows);
    else if (pane === "charts") actions.chart(this, by * state.chartsPerPage);
    else actions.scroll(this, by * 3);
  }
}
