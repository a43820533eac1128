import { FORMAT_VERSION } from "../../format/definitions/definition.ts";
import type { Context, Parsed } from "../../cli/command.ts";
import type { OPTIONS } from "./version.ts";
import { VERSION } from "../../base/version.ts";

/** Prints the version. */
export function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<number> {
  const facts = { dbx: VERSION, format: FORMAT_VERSION, deno: Deno.version.deno, target: Deno.build.target };
  if (parsed.options.json) context.stdout.json(facts);
  else context.stdout.line(`dbx ${VERSION}`);
  return Promise.resolve(0);
}
