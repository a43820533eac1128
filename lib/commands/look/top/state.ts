import type { ExperimentFilter } from "../../../query/list/filter.ts";
import { ListView } from "../../../terminal/screen/list_view.ts";
import type { Scale } from "../../../plot/scale/scale.ts";
import type { Output } from "../../../terminal/output.ts";
import type { LineEditor } from "../../../terminal/screen/line_editor.ts";
import type { CurveStyle } from "./model/curves.ts";
import type { ExperimentRow } from "./model/experiments.ts";
import type { TopModel } from "./model/model.ts";
import type { TopSource } from "./model/sources.ts";

/** The parts of the screen, in the order in which Tab goes through them. */
export const PANES = ["runs", "charts", "details"] as const;
export type Pane = (typeof PANES)[number];

/** What the pane of details shows. */
export const TABS = ["info", "output"] as const;
export type Tab = (typeof TABS)[number];

/** A line that is typed at the bottom. */
export interface Prompt {
  readonly title: string;
  readonly line: LineEditor;
  /** What may stand where the cursor is. */
  readonly complete?: (before: string) => Promise<Completion>;
  /** Takes the line; an error stays below it. */
  readonly accept: (text: string) => Promise<void> | void;
  readonly help?: string;
  error?: string;
  /** The suggestions that are shown, the one that was put into the line, and how many characters before the cursor it replaced. */
  suggestions: readonly string[];
  chosen: number;
  replaces: number;
}

/** What may stand in the place of the last characters before the cursor. */
export interface Completion {
  readonly replaces: number;
  readonly suggestions: readonly string[];
}

/** A question that one key answers. */
export interface Question {
  readonly text: string;
  readonly yes: () => Promise<void> | void;
}

/** What the last line says. */
export interface Message {
  readonly text: string;
  readonly isError: boolean;
  /** It is no longer true once this one answers. */
  readonly until?: TopSource;
}

/** All that decides what the screen shows, besides the data. */
export class TopState {
  readonly list = new ListView();
  /** The rows that were marked, in their order. */
  readonly marks = new Map<string, ExperimentRow>();
  /** The filter, as it was typed. */
  where = "";
  sort: string;
  pane: Pane = "runs";
  /** The one of charts and details that a narrow screen shows below the runs. */
  lower: Pane = "charts";
  isZoomed = false;
  tab: Tab = "info";
  /** The first line of the details that is shown. */
  scroll = 0;
  /** The chart that is chosen, and how many are on a page. */
  chart = 0;
  chartsPerPage = 1;
  chartCount = 0;
  /** Which series have charts: a glob; empty: all. */
  chartFilter = "";
  isLog = false;
  style: Pick<CurveStyle, "x" | "smooth"> = { x: "step", smooth: 0 };
  /** Where on the x axis the charts say their values; undefined: nowhere. */
  probe: number | undefined;
  /** The chart that is chosen, as it was drawn last: its x axis, and the columns of its curves. */
  plot: { readonly x: Scale; readonly columns: number } | undefined;
  /** The series in the list, if somebody chose one. */
  metric: string | undefined;
  prompt: Prompt | undefined;
  question: Question | undefined;
  message: Message | undefined;
  /** The first line of the help that is shown; undefined: no help is. */
  help: number | undefined;
  /** The list that the cursor is in. */
  #rows: readonly ExperimentRow[] = [];

  constructor(
    readonly model: TopModel,
    readonly options: {
      readonly filter: ExperimentFilter;
      readonly cols: readonly string[];
      readonly sort: string;
      readonly isReadOnly: boolean;
      /** What the terminal can show. */
      readonly look: Pick<Output, "characters" | "colour" | "manyColours">;
      readonly now: () => number;
    },
  ) {
    this.where = options.filter.where ?? "";
    this.sort = options.sort;
  }

  /** The row under the cursor. */
  get current(): ExperimentRow | undefined {
    return this.model.rows[this.list.cursor];
  }

  /** What charts and actions are about: the marked rows, or else the one under the cursor. */
  get chosen(): readonly ExperimentRow[] {
    if (this.marks.size > 0) return [...this.marks.values()];
    return this.current === undefined ? [] : [this.current];
  }

  /** Has the cursor stay on its run where another answer has it in another place. Where it is gone, the cursor stays. */
  followCurrent(): void {
    const { rows } = this.model;
    if (rows === this.#rows) return;
    const key = this.#rows[this.list.cursor]?.key;
    const at = rows.findIndex((row) => row.key === key);
    if (at >= 0) this.list.cursor = at;
    this.#rows = rows;
  }

  /** Chooses a pane. */
  focus(pane: Pane): void {
    this.pane = pane;
    if (pane !== "runs") this.lower = pane;
  }

  /** Says something in the last line. `until`: the repository whose next answer shows that it is over. */
  say(text: string, isError = false, until?: TopSource): void {
    this.message = { text, isError, until };
  }

  /** A repository has answered. */
  heardOf(source: TopSource): void {
    if (this.message?.until === source) this.message = undefined;
  }
}
