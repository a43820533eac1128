import type { HelpGroup } from "../../../terminal/screen/overlay.ts";
import * as actions from "./actions.ts";
import { askCommand } from "./command_line.ts";
import type { TopControl } from "./control.ts";
import type { Pane, TopState } from "./state.ts";

/** What a key does. */
export interface Binding {
  /** By the names that the decoder gives them. */
  readonly keys: readonly string[];
  /** As help and the last line name them. */
  readonly label: string;
  readonly does: string;
  /** For the last line, if it stands there. */
  readonly short?: string;
  /** Where it does that; undefined: everywhere. */
  readonly pane?: Pane;
  /** Whether it changes the repository. */
  readonly changes?: boolean;
  readonly act: (control: TopControl) => void;
}

const TITLES: Readonly<Record<Pane | "all", string>> = {
  runs: "runs",
  charts: "charts",
  details: "info and output",
  all: "everywhere",
};

/** All keys: those of a pane go before those of all. */
export const BINDINGS: readonly Binding[] = [
  { keys: ["down", "j"], label: "j ↓", does: "next run", pane: "runs", act: (it) => actions.move(it, 1) },
  { keys: ["up", "k"], label: "k ↑", does: "run before", pane: "runs", act: (it) => actions.move(it, -1) },
  {
    keys: ["page-down", "ctrl-d", "ctrl-f"],
    label: "PgDn ^d",
    does: "a page down",
    pane: "runs",
    act: (it) => actions.move(it, it.pageRows),
  },
  {
    keys: ["page-up", "ctrl-u", "ctrl-b"],
    label: "PgUp ^u",
    does: "a page up",
    pane: "runs",
    act: (it) => actions.move(it, -it.pageRows),
  },
  { keys: ["home", "g"], label: "g", does: "first run", pane: "runs", act: (it) => actions.move(it, -Infinity) },
  { keys: ["end", "G"], label: "G", does: "last run", pane: "runs", act: (it) => actions.move(it, Infinity) },
  { keys: ["a"], label: "a", does: "mark all runs of the list, or none", pane: "runs", act: actions.markAll },
  { keys: ["o"], label: "o", does: "sort by any column", short: "sort", pane: "runs", act: actions.askSort },
  {
    keys: ["<", ","],
    label: "<",
    does: "sort by the column before",
    pane: "runs",
    act: (it) => actions.sortBeside(it, -1),
  },
  {
    keys: [">", "."],
    label: ">",
    does: "sort by the next column",
    pane: "runs",
    act: (it) => actions.sortBeside(it, 1),
  },
  { keys: ["r"], label: "r", does: "turn the order round", pane: "runs", act: actions.reverse },
  { keys: ["m"], label: "m", does: "show another series in the list", pane: "runs", act: actions.nextMetric },
  { keys: ["right"], label: "→", does: "go to the charts", pane: "runs", act: (it) => actions.focus(it, "charts") },

  { keys: ["right", "down", "j"], label: "→ ↓", does: "next chart", pane: "charts", act: (it) => actions.chart(it, 1) },
  { keys: ["left", "up", "k"], label: "← ↑", does: "chart before", pane: "charts", act: (it) => actions.chart(it, -1) },
  {
    keys: ["page-down", "]", "ctrl-d", "ctrl-f"],
    label: "] PgDn",
    does: "next page",
    pane: "charts",
    act: (it) => actions.chart(it, it.state.chartsPerPage),
  },
  {
    keys: ["page-up", "[", "ctrl-u", "ctrl-b"],
    label: "[ PgUp",
    does: "page before",
    pane: "charts",
    act: (it) => actions.chart(it, -it.state.chartsPerPage),
  },
  { keys: ["home", "g"], label: "g", does: "first chart", pane: "charts", act: (it) => actions.chart(it, -Infinity) },
  { keys: ["end", "G"], label: "G", does: "last chart", pane: "charts", act: (it) => actions.chart(it, Infinity) },
  {
    keys: [">", "."],
    label: ">",
    does: "values at the next column",
    pane: "charts",
    act: (it) => actions.probe(it, 1),
  },
  {
    keys: ["<", ","],
    label: "<",
    does: "values at the column before",
    pane: "charts",
    act: (it) => actions.probe(it, -1),
  },

  { keys: ["down", "j"], label: "j ↓", does: "scroll down", pane: "details", act: (it) => actions.scroll(it, 1) },
  { keys: ["up", "k"], label: "k ↑", does: "scroll up", pane: "details", act: (it) => actions.scroll(it, -1) },
  {
    keys: ["page-down", "ctrl-d", "ctrl-f"],
    label: "PgDn",
    does: "a page down",
    pane: "details",
    act: (it) => actions.scroll(it, 10),
  },
  {
    keys: ["page-up", "ctrl-u", "ctrl-b"],
    label: "PgUp",
    does: "a page up",
    pane: "details",
    act: (it) => actions.scroll(it, -10),
  },
  {
    keys: ["home", "g"],
    label: "g",
    does: "the beginning",
    pane: "details",
    act: (it) => actions.scroll(it, -Infinity),
  },
  { keys: ["end", "G"], label: "G", does: "the end", pane: "details", act: (it) => actions.scroll(it, Infinity) },

  { keys: [" "], label: "space", does: "mark the run", short: "mark", act: actions.mark },
  {
    keys: ["/"],
    label: "/",
    does: "filter by a condition, such as params.lr < 0.1",
    short: "filter",
    act: actions.askFilter,
  },
  { keys: [":"], label: ":", does: "type a command, such as sort min:loss", act: askCommand },
  { keys: ["tab"], label: "tab", does: "next pane", short: "pane", act: (it) => actions.nextPane(it, 1) },
  { keys: ["shift-tab"], label: "⇧tab", does: "pane before", act: (it) => actions.nextPane(it, -1) },
  { keys: ["1"], label: "1", does: "runs", act: (it) => actions.focus(it, "runs") },
  { keys: ["2"], label: "2", does: "charts", act: (it) => actions.focus(it, "charts") },
  { keys: ["3"], label: "3", does: "info or output", act: (it) => actions.focus(it, "details") },
  { keys: ["enter", "z"], label: "enter", does: "the pane alone, or one chart", short: "zoom", act: actions.zoom },
  { keys: ["escape"], label: "esc", does: "back; then no marks; then no filter", act: actions.back },
  {
    keys: ["i"],
    label: "i",
    does: "params, git, environment",
    short: "info",
    act: (it) => actions.showTab(it, "info"),
  },
  {
    keys: ["l"],
    label: "l",
    does: "what the run printed",
    short: "output",
    act: (it) => actions.showTab(it, "output"),
  },
  { keys: ["c"], label: "c", does: "compare the marked runs", short: "compare", act: actions.compare },
  { keys: ["f"], label: "f", does: "only charts of these series", act: actions.askSeries },
  { keys: ["y"], label: "y", does: "logarithmic charts", act: actions.toggleLog },
  { keys: ["x"], label: "x", does: "by step, by time, or since the start", act: actions.nextAxis },
  { keys: ["+", "="], label: "+", does: "smoother curves", act: (it) => actions.smooth(it, 1) },
  { keys: ["-"], label: "-", does: "less smooth curves", act: (it) => actions.smooth(it, -1) },
  {
    keys: ["t"],
    label: "t",
    does: "tag the run, or those marked; -tag takes it away",
    short: "tag",
    changes: true,
    act: actions.askTag,
  },
  { keys: ["n"], label: "n", does: "write a note", short: "note", changes: true, act: actions.askNote },
  { keys: ["S"], label: "S", does: "ask running ones to stop", short: "stop", changes: true, act: actions.askStop },
  { keys: ["?", "f1"], label: "?", does: "this help", short: "help", act: (it) => void (it.state.help = 0) },
  { keys: ["ctrl-l"], label: "^l", does: "draw anew", act: (it) => it.redraw() },
  { keys: ["q", "ctrl-c"], label: "q", does: "quit", short: "quit", act: (it) => it.quit() },
];

/** The bindings that do something now, those of the chosen pane first. */
export function bindingsFor({ pane, options }: TopState): Binding[] {
  const usable = BINDINGS.filter((binding) => !(binding.changes && options.isReadOnly));
  return [...usable.filter((it) => it.pane === pane), ...usable.filter((it) => it.pane === undefined)];
}

/** The help for what may be typed now. */
export function helpGroups(state: TopState): HelpGroup[] {
  const bindings = bindingsFor(state);
  const group = (title: string, pane: Pane | undefined): HelpGroup => ({
    title,
    keys: bindings.filter((it) => it.pane === pane).map(({ label, does }) => [label, does]),
  });
  return [group(TITLES[state.pane], state.pane), group(TITLES.all, undefined), {
    title: "mouse",
    keys: [["click", "choose; title: sort; chart: values"], ["again", "zoom"], ["wheel", "scroll"]],
  }];
}
