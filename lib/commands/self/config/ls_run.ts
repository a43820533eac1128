import type { Context, Parsed } from "../../../cli/command.ts";
import { KEYS } from "../../../cli/config/keys.ts";
import { readAllSettings, readSettings } from "../../../cli/config/read.ts";
import { listResult, type Result } from "../../../terminal/result.ts";
import type { OPTIONS } from "./ls.ts";
import { filesIn } from "./options.ts";
import { valueText } from "./value_text.ts";

/** Lists settings. */
export async function run(context: Context, parsed: Parsed<typeof OPTIONS>): Promise<Result> {
  if (parsed.options.all) {
    return listResult({
      items: [...KEYS, { name: "remotes.NAME", help: "a repository to synchronise with" }],
      fields: ["name", "help"],
      columns: [{ head: "setting", text: ({ name }) => name }, { head: "", text: ({ help }) => help }],
    });
  }
  const files = filesIn(context);
  const winning = await readAllSettings(files);
  const all = parsed.options["show-origin"]
    ? (await Promise.all(files.map(readSettings))).flatMap((settings) => [...settings])
    : [...winning];
  const items = all.map(([name, { key, value, file }]) => {
    const { file: from } = winning.get(name)!;
    const counts = key.addsUp === true || from.folder === file.folder && from.name === file.name;
    return { name, value: valueText(value), origin: `${file.folder}/${file.name}`, of: file.of, counts };
  });
  const columns = [
    { head: "setting", text: ({ name }: typeof items[number]) => name },
    { head: "value", text: ({ value }: typeof items[number]) => value },
  ];
  const origin = [
    { head: "origin", text: ({ origin }: typeof items[number]) => origin },
    { head: "", text: ({ counts }: typeof items[number]) => counts ? "" : "overridden" },
  ];
  return listResult({
    items,
    fields: ["name", "value", "origin", "of", "counts"],
    columns: parsed.options["show-origin"] ? [...columns, ...origin] : columns,
    empty: "no settings; dbx config set NAME VALUE makes one, dbx config ls --all lists them",
  });
}
