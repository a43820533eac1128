import type { Context, Parsed } from "../../../cli/command.ts";
import { readAllSettings } from "../../../cli/config/read.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./get.ts";
import { keyNamed } from "./key_named.ts";
import { filesIn } from "./options.ts";
import { valueText } from "./value_text.ts";

/** Prints a setting. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const { name } = keyNamed(parsed.positionals[0]);
  const setting = (await readAllSettings(filesIn(context))).get(name);
  if (setting === undefined) {
    context.stderr.line(`dbx: ${name} has no value here; dbx config set ${name} VALUE sets one`);
    return recordResult({ name, value: null }, { exitCode: 1 });
  }
  const origin = `${setting.file.folder}/${setting.file.name}`;
  return recordResult({ name, value: setting.value, origin }, {
    text: (out) => {
      const values = typeof setting.value === "object" ? setting.value : [valueText(setting.value)];
      for (const value of values) out.line(value, parsed.options["show-origin"] ? `  ${origin}` : "");
    },
  });
}
