import { UsageError } from "../../base/errors.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import { Redactor } from "../../redact/redactor.ts";
import type { Result } from "../../terminal/result.ts";
import { carryOut } from "./carry_out.ts";
import type { OPTIONS } from "./rename.ts";

/** Characters of a name at most. */
const MAX_NAME_LENGTH = 1000;

/** Gives experiments another name. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  if (parsed.options.undo) {
    return await carryOut(context, parsed, { sort: "rename", change: undefined, ids: parsed.positionals });
  }
  const ids = parsed.positionals.slice(0, -1);
  const name = parsed.positionals.at(-1);
  if (name === undefined) {
    throw new UsageError("Cannot rename: give the new name last, as in dbx rename 3f9a mnist/wide");
  }
  checkName(name);
  const text = new Redactor({ redact: [], env: context.env }).text(name);
  return await carryOut(context, parsed, { sort: "rename", change: { sort: "rename", text }, ids });
}

/** A name is a text in one line, of parts with `/` between them; an empty one takes the name away. */
export function checkName(name: string): void {
  // deno-lint-ignore no-control-regex
  if (name !== name.trim() || name.length > MAX_NAME_LENGTH || /[\x00-\x1f\x7f]/.test(name)) {
    throw new UsageError(
      `Cannot use that as a name: it must be a text in one line of at most ${MAX_NAME_LENGTH} characters, without spaces at its ends`,
    );
  }
  if (name !== "" && name.split("/").some((segment) => ["", ".", ".."].includes(segment))) {
    throw new UsageError(`Cannot use "${name}" as a name: a part of it is empty, "." or ".."`);
  }
}
