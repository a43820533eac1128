import type { Context, Parsed } from "../../../cli/command.ts";
import type { Result } from "../../../terminal/result.ts";
import { newTokenResult } from "./new_token.ts";
import { openTokens } from "./open_tokens.ts";
import type { OPTIONS } from "./renew.ts";

/** Replaces a token. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const file = await openTokens(context, parsed.options.tokens);
  return newTokenResult(context, parsed.options, { name, token: file.renew(name) });
}
