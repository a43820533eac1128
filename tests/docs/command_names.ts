import { commands } from "../../lib/commands/table.ts";
import { optionsOf } from "../../lib/cli/parse.ts";

/** What a command line may say: its options as they are written, `--limit` and `-l`. */
export interface Known {
  readonly options: ReadonlySet<string>;
  /** Words of which the first positional must be one. */
  readonly actions?: readonly string[];
}

/** What the table of commands knows of the command that the words name; undefined if there is none. */
export async function knownOf(words: readonly string[]): Promise<Known | undefined> {
  if (!Object.hasOwn(commands, words[0])) return undefined;
  const { command } = await commands[words[0]]();
  const options = new Set<string>();
  for (const { name, short, kind } of optionsOf(command)) {
    options.add(`--${name}`);
    if (kind === "flag") options.add(`--no-${name}`);
    if (short !== undefined) options.add(`-${short}`);
  }
  return { options, actions: command.actions };
}
