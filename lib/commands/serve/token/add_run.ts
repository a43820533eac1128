import type { Context, Parsed } from "../../../cli/command.ts";
import type { Result } from "../../../terminal/result.ts";
import { limitsIn } from "../quota_options.ts";
import type { OPTIONS } from "./add.ts";
import { newTokenResult } from "./new_token.ts";
import { openTokens } from "./open_tokens.ts";

/** Makes a token. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [name] = parsed.positionals;
  const { role = "write", inherit, tokens } = parsed.options;
  const file = await openTokens(context, tokens);
  const hadOne = file.removed().some((one) => one.name === name);
  const token = file.add(name, role, context.now, { limits: limitsIn(parsed), inherit });
  if (hadOne && inherit === undefined) {
    context.stderr.line(
      `dbx: this token cannot write to what the removed token of this name created; --inherit ${name} would take it over`,
    );
  }
  return newTokenResult(context, parsed.options, { name, role, token });
}
