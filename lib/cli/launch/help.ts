import { wrap, wrapParagraphs } from "./wrap.ts";
import type { Command, CommandTable, OptionSpec } from "../command.ts";
import { shownOptionsOf } from "../parse.ts";

/** Lines that are longer are hard to read, however wide a terminal is. */
const MAX_WIDTH = 100;

/** The overview that `dbx` and `dbx help` print. `columns`: of the terminal, where there is one. */
export async function overview(commands: CommandTable, columns = MAX_WIDTH): Promise<string> {
  const width = Math.min(columns, MAX_WIDTH);
  const row = (name: string, summary: string) => hanging(`  ${name.padEnd(12)} `, summary, width);
  const lines = ["dbx: git for machine-learning experiments", "", "usage: dbx <command> [options]", ""];
  for (const load of Object.values(commands)) {
    const { command } = await load();
    lines.push(row(command.name, command.summary));
  }
  lines.push(row("help", "show this, or the help of a command"), "");
  const more =
    "dbx <command> --help shows the details; dbx <command> --show-permissions prints what a command may access.";
  lines.push(wrap(more, width));
  return lines.join("\n") + "\n";
}

/** The help of one command. `columns`: of the terminal, where there is one. */
export function helpOf(command: Command, columns = MAX_WIDTH): string {
  const most = Math.min(columns, MAX_WIDTH);
  const lines = [
    hanging("", `dbx ${command.name}: ${command.summary}`, most),
    "",
    `usage: dbx ${command.name} ${command.usage}`.trimEnd(),
  ];
  if (command.details !== undefined) lines.push("", wrapParagraphs(command.details, most));
  lines.push("", "options:");
  const rows = shownOptionsOf(command).map((spec) =>
    [optionForm(spec), optionText(spec, repeats(command, spec))] as const
  );
  const width = Math.min(30, Math.max(...rows.map(([form]) => form.length)));
  for (const [form, text] of rows) {
    if (form.length > width) lines.push(`  ${form}`);
    lines.push(hanging(`  ${(form.length > width ? "" : form).padEnd(width)}  `, text, most));
  }
  if (command.examples?.length) lines.push("", "examples:", ...command.examples.map((example) => `  ${example}`));
  return lines.join("\n") + "\n";
}

/** A line with a text at its right that goes on below itself. */
function hanging(left: string, text: string, columns: number): string {
  return left + wrap(text, Math.max(20, columns - left.length)).replaceAll("\n", "\n" + " ".repeat(left.length));
}

function optionForm(spec: OptionSpec): string {
  const value = spec.kind === "flag" ? "" : ` ${spec.value ?? (spec.kind === "number" ? "N" : "TEXT")}`;
  return `${spec.short === undefined ? "    " : `-${spec.short}, `}--${spec.name}${value}`;
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
