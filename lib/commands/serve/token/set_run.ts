import { UsageError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import { limitsIn } from "../quota_options.ts";
import { openTokens } from "./open_tokens.ts";
import type { OPTIONS } from "./set.ts";

/** Gives a token another role or other limits. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const { role, tokens } = parsed.options;
  const limits = limitsIn(parsed);
  if (role === undefined && limits === undefined) {
    throw new UsageError("Cannot set anything: give --role, --max-bytes, --max-files or --max-rate");
  }
  (await openTokens(context, tokens)).set(name, { role, limits });
  return recordResult({ name, role, limits });
}
