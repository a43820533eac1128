// A letter means the same in every command.
import type { CommandTable } from "../../lib/cli/command.ts";
import { optionsOf } from "../../lib/cli/common_options.ts";
import { commands } from "../../lib/commands/table.ts";
import { assertEquals } from "../assert.ts";

/** How many to show: `--limit` where the rest is counted, `--lines` where it is a log. */
const HOW_MANY = new Set(["limit", "lines"]);

async function meanings(table: CommandTable, found = new Map<string, Map<string, string>>(), words = "dbx") {
  for (const [name, entry] of Object.entries(table)) {
    const { command } = await entry.describe();
    if ("subcommands" in command) {
      await meanings(command.subcommands, found, `${words} ${name}`);
      continue;
    }
    for (const option of optionsOf(command)) {
      if (option.short === undefined) continue;
      const names = found.get(option.short) ?? new Map();
      const meaning = HOW_MANY.has(option.name) ? "how many" : option.name;
      found.set(option.short, names.set(meaning, `${words} ${name} --${option.name}`));
    }
  }
  return found;
}

Deno.test("options: no letter means two things", async () => {
  const found = await meanings(commands);
  const twice = [...found].filter(([, names]) => names.size > 1).map(([letter, names]) => [letter, ...names.values()]);
  assertEquals(twice, []);
  assertEquals([...found.get("f")!.keys()], ["follow"]);
});
