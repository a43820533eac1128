import type { Context, Parsed } from "../../cli/command.ts";
import { bashCompletion } from "./shells/bash.ts";
import { fishCompletion } from "./shells/fish.ts";
import { zshCompletion } from "./shells/zsh.ts";
import { completionTree } from "./shells/tree.ts";
import type { OPTIONS } from "./completions.ts";

const SCRIPTS: Readonly<Record<string, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Prints the completion script of a shell. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const [shell] = parsed.positionals;
  const tables = context.subjects.map(({ commands }) => commands);
  context.stdout.ownText(SCRIPTS[shell](await completionTree(Object.assign({}, ...tables))));
  return 0;
}
