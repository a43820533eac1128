import type { Command, OptionSpec } from "./command.ts";
import { shownOptionsOf } from "./parse.ts";
import { commands } from "./table.ts";

/** The overview that `dbx` and `dbx help` print. */
export async function overview(): Promise<string> {
  const lines = ["dbx: git for machine-learning experiments", "", "usage: dbx <command> [options]", ""];
  for (const load of Object.values(commands)) {
    const { command } = await load();
    lines.push(`  ${command.name.padEnd(12)} ${command.summary}`);
  }
  lines.push(`  ${"help".padEnd(12)} show this, or the help of a command`, "");
  lines.push("dbx <command> --help tells more; dbx <command> --show-permissions prints what a command may touch.");
  return lines.join("\n") + "\n";
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const lines = [
    `dbx ${command.name}: ${command.summary}`,
    "",
    `usage: dbx ${command.name} ${command.usage}`.trimEnd(),
  ];
  if (command.details !== undefined) lines.push("", command.details.trim());
  lines.push("", "options:");
  const rows = shownOptionsOf(command).map((spec) => [optionForm(spec), optionText(spec)] as const);
  const width = Math.min(30, Math.max(...rows.map(([form]) => form.length)));
  for (const [form, text] of rows) {
    if (form.length > width) lines.push(`  ${form}`, `  ${" ".repeat(width)}  ${text}`);
    else lines.push(`  ${form.padEnd(width)}  ${text}`);
  }
  if (command.examples?.length) lines.push("", "examples:", ...command.examples.map((example) => `  ${example}`));
  return lines.join("\n") + "\n";
}

function optionForm(spec: OptionSpec): string {
  const value = spec.kind === "flag" ? "" : ` ${spec.value ?? (spec.kind === "number" ? "N" : "TEXT")}`;
  return `${spec.short === undefined ? "    " : `-${spec.short}, `}--${spec.name}${value}`;
}

function optionText(spec: OptionSpec): string {
  const choices = spec.choices === undefined ? "" : ` (${spec.choices.join(", ")})`;
  const many = spec.kind === "list" ? "; may be repeated" : "";
  const fallback = spec.default === undefined ? "" : ` [default: ${spec.default}]`;
  return spec.help + choices + many + fallback;
}
