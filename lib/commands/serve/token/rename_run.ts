import type { Context, Parsed } from "../../../cli/command.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import { openTokens } from "./open_tokens.ts";
import type { OPTIONS } from "./rename.ts";

/** Gives a token another name. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name, to] = parsed.positionals;
  (await openTokens(context, parsed.options.tokens)).rename(name, to);
  return recordResult({ name: to, before: name });
}
