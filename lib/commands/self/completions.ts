import type { Command, OptionSpec } from "../../cli/command.ts";

/** The shells that can complete. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** The options of `dbx completions`. */
export const OPTIONS = [] as const satisfies readonly OptionSpec[];

/** `dbx completions`. */
export const command: Command<typeof OPTIONS> = {
  name: "completions",
  summary: "print completions for a shell",
  usage: "bash|zsh|fish",
  examples: [
    "source <(dbx completions bash)",
    'dbx completions zsh > "${fpath[1]}/_dbx"',
    "dbx completions fish > ~/.config/fish/completions/dbx.fish",
  ],
  options: OPTIONS,
  positionals: { min: 1, max: 1, choices: SHELLS },
  permissions: () => ({}),
  withoutRepository: () => true,
};
