import type { Context } from "../../../cli/command.ts";
import { isForPeople, type PrintOptions } from "../../../cli/print_options.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";

/** A token that was made: it is printed once, and kept nowhere. */
export function newTokenResult(
  { stderr }: Context,
  options: PrintOptions,
  made: { readonly name: string; readonly role?: string; readonly token: string },
): Result {
  return recordResult(made, {
    text(out) {
      out.line(made.token);
      if (!isForPeople(options)) return;
      stderr.line(
        "dbx: this token is shown only once; its user runs dbx login with the URL of the server and pastes it",
      );
    },
  });
}
