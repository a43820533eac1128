import { commands } from "../../lib/commands/table.ts";
import { optionsOf } from "../../lib/cli/common_options.ts";

/** What a command line may say: its options as they are written, `--limit` and `-l`. */
export interface Known {
  readonly options: ReadonlySet<string>;
  /** Words of which the first positional must be one. */
  readonly actions?: readonly string[];
}

/**
 * What the table of commands knows of the command that the words name; undefined if there is none. Of a group that is named alone,
 * the options are those of all its subcommands.
 */
export async function knownOf(words: readonly string[]): Promise<Known | undefined> {
  let table = commands;
  for (let at = 0;; at++) {
    if (!Object.hasOwn(table, words[at] ?? "")) return undefined;
    const { command } = await table[words[at]].describe();
    const options = new Set<string>();
    if (!("subcommands" in command)) {
      for (const { name, short, kind } of optionsOf(command)) {
        options.add(`--${name}`);
        if (kind === "flag" || kind === "optional") options.add(`--no-${name}`);
        if (short !== undefined) options.add(`-${short}`);
      }
      return { options, actions: command.positionals.choices };
    }
    const actions = Object.keys(command.subcommands);
    if (actions.includes(words[at + 1] ?? "")) {
      table = command.subcommands;
      continue;
    }
    for (const action of actions) {
      for (const option of (await knownOf([...words.slice(0, at + 1), action]))?.options ?? []) options.add(option);
    }
    return { options, actions };
  }
}
