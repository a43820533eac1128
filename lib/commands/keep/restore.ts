import type { Command } from "../../cli/command.ts";
import { ACTION_OPTIONS } from "../../cli/print_options.ts";

/** The options of `dbx restore`. */
export const OPTIONS = ACTION_OPTIONS;

/** `dbx restore`. */
export const command: Command<typeof OPTIONS> = {
  name: "restore",
  summary: "restore deleted experiments",
  usage: "EXP …",
  details:
    `Undoes dbx rm, here and in every copy that this one is synchronised with. What dbx gc has removed returns with the next
synchronisation with a copy that still has it. dbx ls --all also lists deleted experiments.`,
  examples: ["dbx restore 3f9a"],
  options: OPTIONS,
  servers: true,
  positionals: { min: 1, max: Infinity, completes: ["deleted"] },
  permissions: (_, environment) => ({ read: [environment.repo], write: [environment.repo] }),
};
