import { UsageError } from "../../../base/errors.ts";
import { didYouMean } from "../../../base/suggest.ts";
import { LineEditor } from "../../../terminal/screen/line_editor.ts";
import * as actions from "./actions.ts";
import type { Completable, TopControl } from "./control.ts";
import type { Completion, TopState } from "./state.ts";

/** Something that can be typed behind `:`. */
interface TypedCommand {
  readonly name: string;
  /** Others for it. */
  readonly also?: readonly string[];
  /** What follows it, for the help. */
  readonly argument?: string;
  readonly completes?: Completable | readonly string[];
  readonly changes?: boolean;
  readonly act: (control: TopControl, argument: string) => Promise<void> | void;
}

const COMMANDS: readonly TypedCommand[] = [
  {
    name: "filter",
    also: ["where"],
    argument: "COND",
    completes: "condition",
    act: (it, text) => it.relist(text, it.state.sort),
  },
  {
    name: "sort",
    argument: "[-]COL",
    completes: "column",
    act: (it, text) => it.relist(it.state.where, required("sort", text, "a column such as min:loss")),
  },
  { name: "go", argument: "RUN", completes: "run", act: goTo },
  {
    name: "series",
    argument: "GLOB",
    completes: "series",
    act: ({ state }, text) => void (state.chartFilter = text),
  },
  { name: "metric", argument: "SERIES", completes: "series", act: ({ state }, text) => void (state.metric = text) },
  {
    name: "x",
    argument: "AXIS",
    completes: actions.AXES,
    act: (it, text) => actions.setAxis(it, oneOf("axis", text, actions.AXES)),
  },
  {
    name: "smooth",
    argument: "W",
    completes: actions.SMOOTHINGS.map(String),
    act: ({ state }, text) => void (state.style = { ...state.style, smooth: weight(text) }),
  },
  { name: "log", act: actions.toggleLog },
  {
    name: "tag",
    argument: "[-]TAG",
    completes: "tag",
    changes: true,
    act: (it, text) => actions.tagRows(it, actions.chosenOf(it), required("tag", text, "a word")),
  },
  {
    name: "note",
    argument: "TEXT",
    changes: true,
    act: (it, text) => actions.noteRows(it, actions.chosenOf(it), required("note", text, "what you want to remember")),
  },
  { name: "stop", changes: true, act: actions.askStop },
  { name: "compare", act: actions.compare },
  { name: "mark", act: actions.markAll },
  { name: "runs", act: (it) => actions.focus(it, "runs") },
  { name: "charts", act: (it) => actions.focus(it, "charts") },
  { name: "info", act: (it) => actions.showTab(it, "info") },
  { name: "output", act: (it) => actions.showTab(it, "output") },
  { name: "help", act: ({ state }) => void (state.help = 0) },
  { name: "quit", also: ["q", "q!"], act: (it) => it.quit() },
];

/** Asks for a command. */
export function askCommand(control: TopControl): void {
  actions.open(control, {
    title: ":",
    line: new LineEditor(),
    complete: (before) => completeTyped(control, before),
    help: helpOf(control.state),
    accept: (text) => runTyped(control, text),
  });
}

/** Commands, each with what follows it. */
function helpOf(state: TopState): string {
  return usable(state).map(({ name, argument }) => argument === undefined ? name : `${name} ${argument}`).join(", ");
}

/**
 * Does what was typed behind `:`.
 *
 * @throws {UsageError} For what is not a command, or lacks what has to follow it.
 */
async function runTyped(control: TopControl, line: string): Promise<void> {
  const [, word, argument] = /^\s*(\S*)\s*(.*?)\s*$/.exec(line)!;
  if (word === "") return;
  const commands = usable(control.state);
  const command = commands.find(({ name, also = [] }) => name === word || also.includes(word)) ??
    onlyOne(commands.filter(({ name }) => name.startsWith(word)));
  if (command === undefined) {
    throw new UsageError(`"${word}" is not a command${didYouMean(word, commands.map(({ name }) => name))}`);
  }
  if (argument !== "" && command.argument === undefined) {
    throw new UsageError(`Cannot use "${argument}": nothing follows ${command.name}`);
  }
  await command.act(control, argument);
}

/** What may stand there: a command, or what follows the one before. */
async function completeTyped(control: TopControl, before: string): Promise<Completion> {
  const [, word, rest] = /^\s*(\S*)(?:\s+(.*))?$/.exec(before) ?? ["", "", undefined];
  const commands = usable(control.state);
  if (rest === undefined) {
    const names = commands.map(({ name, argument }) => argument === undefined ? name : `${name} `);
    return { replaces: word.length, suggestions: names.filter((name) => name.startsWith(word)) };
  }
  const completes = commands.find(({ name, also = [] }) => name === word || also.includes(word))?.completes;
  if (completes === undefined) return { replaces: 0, suggestions: [] };
  if (typeof completes === "string") return await control.complete(completes, rest);
  return { replaces: rest.length, suggestions: completes.filter((value) => value.startsWith(rest)) };
}

function usable({ options }: TopState): readonly TypedCommand[] {
  return COMMANDS.filter(({ changes }) => !(changes && options.isReadOnly));
}

/** Moves the cursor to a listed run: by the beginning of its id, else by its name. */
function goTo({ state }: TopControl, text: string): void {
  const word = required("go", text, "the beginning of an id, or a name").toLowerCase();
  const { rows } = state.model;
  const ways = [
    rows.findIndex(({ exp }) => exp.startsWith(text)),
    rows.findIndex(({ name }) => name.toLowerCase() === word),
    rows.findIndex(({ name }) => name.toLowerCase().includes(word)),
  ];
  const at = ways.find((found) => found >= 0);
  if (at === undefined) {
    throw new UsageError(`No listed run has the id or the name "${text}"; another filter may list it`);
  }
  state.list.cursor = at;
  state.scroll = 0;
}

function required(command: string, text: string, what: string): string {
  if (text === "") throw new UsageError(`Write ${what} behind ${command}`);
  return text;
}

function oneOf<Of extends string>(what: string, text: string, all: readonly Of[]): Of {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new UsageError(`"${text}" is not an ${what}; there are ${all.join(", ")}`);
  return found;
}

function weight(text: string): number {
  const value = text === "" ? 0 : Number(text);
  if (!(value >= 0 && value < 1)) throw new UsageError(`"${text}" is not a weight from 0 to below 1`);
  return value;
}

function onlyOne<Of>(found: readonly Of[]): Of | undefined {
  return found.length === 1 ? found[0] : undefined;
}
