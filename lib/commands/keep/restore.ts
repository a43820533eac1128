import type { Command, OptionSpec } from "../../cli/command.ts";

/** The options of `dbx restore`. */
export const OPTIONS = [
  { name: "json", kind: "flag", help: "as JSON: each experiment, and whether it was deleted before" },
  { name: "quiet", short: "q", kind: "flag", help: "say nothing" },
] as const satisfies readonly OptionSpec[];

/** `dbx restore`. */
export const command: Command<typeof OPTIONS> = {
  name: "restore",
  summary: "bring deleted experiments back",
  usage: "EXP …",
  details:
    `Takes dbx rm back, here and in every copy that this one is synchronised with. What dbx gc has removed comes with the next
synchronisation with a copy that still holds it. dbx ls --all lists deleted experiments too.`,
  examples: ["dbx restore 3f9a"],
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity },
  permissions: (_, around) => ({ read: [around.repo], write: [around.repo] }),
};
