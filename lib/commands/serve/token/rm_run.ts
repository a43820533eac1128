import type { Context, Parsed } from "../../../cli/command.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import { openTokens } from "./open_tokens.ts";
import type { OPTIONS } from "./rm.ts";

/** Removes a token. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  (await openTokens(context, parsed.options.tokens)).remove(name, context.now);
  return recordResult({ name, removed: true });
}
