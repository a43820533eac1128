import type { Context, Parsed } from "../../../cli/command.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import { changeFile } from "./change_file.ts";
import { keyNamed } from "./key_named.ts";
import type { OPTIONS } from "./unset.ts";

/** Removes a default. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { name } = keyNamed(parsed.positionals[0]);
  const path = await changeFile(context, parsed.options.user, name, undefined);
  const removed = path !== undefined;
  if (isForPeople(parsed.options)) {
    context.stdout.line(removed ? `${name} is removed from ${path}` : `${name} is not set there`);
  }
  return recordResult({ name, removed }, { exitCode: removed ? 0 : 1 });
}
