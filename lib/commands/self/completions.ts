import type { Command } from "../../cli/command.ts";

/** The shells that can complete. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** `dbx completions`. */
export const command: Command = {
  name: "completions",
  summary: "print completions for a shell",
  usage: "bash|zsh|fish",
  examples: [
    "source <(dbx completions bash)",
    'dbx completions zsh > "${fpath[1]}/_dbx"',
    "dbx completions fish > ~/.config/fish/completions/dbx.fish",
  ],
  options: [],
  actions: SHELLS,
  positionals: { min: 1, max: 1 },
  permissions: () => ({}),
  withoutRepository: () => true,
  load: () => import("./completions_run.ts"),
};
