import { messageOf, UsageError } from "../../../base/errors.ts";
import type { Context, Parsed } from "../../../cli/command.ts";
import type { ConfigKey } from "../../../cli/config/keys.ts";
import { checkValue } from "../../../cli/config/check_value.ts";
import { checked, type ConfigValue } from "../../../cli/config/read.ts";
import { isForPeople } from "../../../cli/print_options.ts";
import { recordResult, type Result } from "../../../terminal/result.ts";
import { changeFile } from "./change_file.ts";
import { keyNamed } from "./key_named.ts";
import type { OPTIONS } from "./set.ts";

/** Sets a default. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  const [word, text] = parsed.positionals;
  const key = keyNamed(word);
  const value = valueOf(key, text);
  await checkValue(key, value);
  const path = await changeFile(context, parsed.options.user, key.name, value);
  if (isForPeople(parsed.options)) context.stdout.line(`${key.name} is set in ${path}`);
  return recordResult({ name: key.name, value, origin: path });
}

function valueOf(key: ConfigKey, text: string): ConfigValue {
  try {
    if (key.kind === "list") {
      return checked(
        key,
        text.split(",").map((item) => item.trim()).filter((item) => item !== ""),
      );
    }
    return checked(key, key.kind === "textOrFalse" && text === "false" ? false : text);
  } catch (error) {
    throw new UsageError(`Cannot set ${key.name} to "${text}": ${messageOf(error)}`);
  }
}
