import type { Command } from "../../cli/command.ts";

/** `dbx restore`. */
export const command: Command = {
  name: "restore",
  summary: "restore deleted experiments",
  usage: "EXP …",
  details:
    `Undoes dbx rm, here and in every copy that this one is synchronised with. What dbx gc has removed returns with the next
synchronisation with a copy that still has it. dbx ls --all also lists deleted experiments.`,
  examples: ["dbx restore 3f9a"],
  options: [
    { name: "json", kind: "flag", help: "as JSON: each experiment, and whether it was deleted before" },
    { name: "quiet", short: "q", kind: "flag", help: "print nothing" },
  ],
  servers: true,
  positionals: { min: 1, max: Infinity },
  permissions: (_, around) => ({ read: [around.repo], write: [around.repo] }),
  load: () => import("./restore_run.ts"),
};
