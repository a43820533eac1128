import type { Context, Parsed } from "../../cli/command.ts";
import { writeOutputFile } from "../../cli/output_file.ts";
import { PYTHON_CLIENT } from "../../python/client_source.ts";
import type { OPTIONS } from "./sdk.ts";

/** Prints the client. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const { output } = parsed.options;
  if (output === undefined) context.stdout.ownText(PYTHON_CLIENT);
  else await writeOutputFile(context, output, PYTHON_CLIENT);
  return 0;
}
