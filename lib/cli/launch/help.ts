import { wrap, wrapExample, wrapParagraphs } from "./wrap.ts";
import type { Command, CommandGroup, OptionSpec, Subject } from "../command.ts";
import { shownOptionsOf } from "../common_options.ts";

/** Lines that are longer are hard to read, however wide a terminal is. */
const MAX_WIDTH = 100;

/** What exit codes mean where a command does not say it in its own words. */
const EXIT_CODES: Readonly<Record<string, string>> = {
  0: "done",
  1: "the command failed",
  2: "the command line is wrong",
};

/** The overview that `dbx` and `dbx help` print. `columns`: of the terminal, where there is one. */
export async function overview(subjects: readonly Subject[], columns = MAX_WIDTH): Promise<string> {
  const width = Math.min(columns, MAX_WIDTH);
  const headline = hanging("", "dbx: git for machine-learning experiments", width);
  const lines = [headline, "", "usage: dbx <command> [options]"];
  for (const { title, commands } of subjects) {
    lines.push("", `${title}:`);
    for (const { describe } of Object.values(commands)) lines.push(summaryRow((await describe()).command, width));
  }
  const more =
    "dbx <command> --help shows the details; dbx <command> --show-permissions prints what a command may access. " +
    "Exit codes: 0 done, 1 failed, 2 a wrong command line, 70 a bug in dbx, 130 interrupted; each help names others.";
  lines.push("", wrap(more, width));
  return lines.join("\n") + "\n";
}

function summaryRow(command: Command | CommandGroup, width: number): string {
  const words = "subcommands" in command ? ` (${Object.keys(command.subcommands).join(", ")})` : "";
  return hanging(`  ${command.name.padEnd(12)} `, command.summary + words, width);
}

/**
 * The help of a command, or of a group of them. `columns`: of the terminal, where there is one; elsewhere examples are lines,
 * however long.
 */
export async function helpOf(command: Command | CommandGroup, columns = Infinity): Promise<string> {
  const width = Math.min(columns, MAX_WIDTH);
  const lines = [hanging("", `dbx ${command.name}: ${command.summary}`, width), ""];
  lines.push(..."subcommands" in command ? await groupHelp(command, width) : commandHelp(command, width));
  if (command.examples?.length) {
    lines.push(
      "",
      "examples:",
      ...command.examples.map((example) => wrapExample(example, columns)),
    );
  }
  return lines.join("\n") + "\n";
}

async function groupHelp(group: CommandGroup, width: number): Promise<string[]> {
  const lines = [`usage: dbx ${group.name} <command> [options]`];
  if (group.details !== undefined) lines.push("", wrapParagraphs(group.details, width));
  lines.push("", "commands:");
  const table: (readonly [string, string])[] = [];
  for (const [word, { describe }] of Object.entries(group.subcommands)) {
    const { command } = await describe();
    const usage = "usage" in command ? `${word} ${command.usage}` : word;
    table.push([usage.trimEnd(), command.summary + (word === group.default ? " [default]" : "")]);
  }
  lines.push(...rows(table, width), "", wrap(`dbx ${group.name} <command> --help shows the details.`, width));
  return lines;
}

function commandHelp(command: Command, width: number): string[] {
  const lines = [hanging("usage: ", `dbx ${command.name} ${command.usage}`.trimEnd(), width)];
  if (command.details !== undefined) lines.push("", wrapParagraphs(command.details, width));
  lines.push("", "options:");
  const options = shownOptionsOf(command).map((spec) =>
    [optionForm(spec), optionText(spec, repeats(command, spec))] as const
  );
  const codes = Object.entries({ ...EXIT_CODES, ...command.exitCodes });
  return [...lines, ...rows(options, width), "", "exit codes:", ...rows(codes, width)];
}

/** Texts narrower than this are hard to read: they stand below what they explain. */
const MIN_TEXT_WIDTH = 26;

/** Texts beside what they explain. */
function rows(table: readonly (readonly [left: string, text: string])[], width: number): string[] {
  const widest = Math.min(30, Math.max(...table.map(([left]) => left.length)));
  const column = width - widest - 4 < MIN_TEXT_WIDTH ? 6 : widest;
  return table.flatMap(([left, text]) => [
    ...left.length > column ? [`  ${left}`] : [],
    hanging(`  ${(left.length > column ? "" : left).padEnd(column)}  `, text, width),
  ]);
}

/** A line with a text at its right that goes on below itself. */
function hanging(left: string, text: string, columns: number): string {
  return left + wrap(text, Math.max(20, columns - left.length)).replaceAll("\n", "\n" + " ".repeat(left.length));
}

function optionForm(spec: OptionSpec): string {
  const value = spec.value ?? (spec.kind === "number" || spec.kind === "count" ? "N" : "TEXT");
  const behind = spec.kind === "flag" ? "" : spec.kind === "optional" ? `[=${value}]` : ` ${value}`;
  return `${spec.short === undefined ? "    " : `-${spec.short}, `}--${spec.name}${behind}`;
}

/** Whether an option may be given several times. `--repo` is one of every command, but only some take several. */
function repeats(command: Command, spec: OptionSpec): boolean {
  return spec.kind === "list" && (spec.name !== "repo" || command.severalRepositories === true);
}

function optionText(spec: OptionSpec, repeats: boolean): string {
  const choices = spec.choices === undefined ? "" : ` (${spec.choices.join(", ")})`;
  const many = repeats ? "; may be repeated" : "";
  const fallback = spec.default === undefined ? "" : ` [default: ${spec.default}]`;
  return spec.help + choices + many + fallback;
}
