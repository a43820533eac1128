import type { CommandTable, OptionSpec } from "../../../cli/command.ts";
import { shownOptionsOf } from "../../../cli/common_options.ts";

/** A word that can be typed after `dbx`, and what may follow it. */
export interface CompletedCommand {
  readonly word: string;
  readonly summary: string;
  /** Of a group, those of the subcommand that is meant where none is named. */
  readonly options: readonly OptionSpec[];
  /** The words of which the first argument is one. */
  readonly choices: readonly string[];
  readonly subcommands: readonly CompletedCommand[];
}

/** All that completions know of commands. */
export async function completionTree(table: CommandTable): Promise<CompletedCommand[]> {
  return await Promise.all(
    Object.entries(table).map(async ([word, { describe }]) => {
      const { command } = await describe();
      const { summary } = command;
      if (!("subcommands" in command)) {
        return {
          word,
          summary,
          options: shownOptionsOf(command),
          choices: command.positionals.choices ?? [],
          subcommands: [],
        };
      }
      const subcommands = await completionTree(command.subcommands);
      const options = subcommands.find(({ word }) => word === command.default)?.options ?? [];
      return { word, summary, options, choices: [], subcommands };
    }),
  );
}
