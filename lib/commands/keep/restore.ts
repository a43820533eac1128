import type { Command } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx restore`. */
export const OPTIONS = ACTION_OPTIONS;

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
