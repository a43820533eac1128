import type { Command, CommandTable } from "../../../lib/cli/command.ts";
import { helpOf, overview } from "../../../lib/cli/launch/help.ts";
import { shownOptionsOf } from "../../../lib/cli/common_options.ts";
import { commands, SUBJECTS } from "../../../lib/commands/table.ts";
import { assert, assertEquals, assertStringIncludes } from "../../assert.ts";

/** All commands, those of groups too. */
async function* all(table: CommandTable): AsyncGenerator<Command> {
  for (const { describe, load } of Object.values(table)) {
    const { command } = await describe();
    if ("subcommands" in command) yield* all(command.subcommands);
    else {
      assert(load !== undefined, `${command.name} has no code`);
      yield command;
    }
  }
}

Deno.test("helpOf: says of --repo whether it may be repeated, as the command takes it", async () => {
  for await (const command of all(commands)) {
    const several = (await helpOf(command)).includes("the repository; may be repeated");
    assertEquals(several, command.severalRepositories === true, command.name);
    const words = (await helpOf(command)).replaceAll(/\s+/g, " ");
    assert(!words.includes("may be repeated; may be repeated"), command.name);
  }
});

Deno.test("helpOf: every command says its exit codes, and its own words replace the usual ones", async () => {
  for await (const command of all(commands)) {
    const help = await helpOf(command);
    assertStringIncludes(help, "\nexit codes:\n");
    for (const text of Object.values(command.exitCodes ?? {})) {
      assertStringIncludes(help.split(/\s+/).join(" "), text, command.name);
    }
    const codes = [...help.slice(help.indexOf("exit codes:")).matchAll(/^ {2}(\d+) /gm)].map(([, code]) => code);
    assertEquals(codes, [...new Set(codes)], command.name);
    assert(["0", "1", "2"].every((code) => codes.includes(code)), command.name);
  }
});

Deno.test("helpOf: a group lists its subcommands, each with its own options and no others", async () => {
  const { command } = await commands.queue.describe();
  const help = await helpOf(command);
  for (const row of ["ls [options]", "add [options] -- command …", "rm ID …", "[default]"]) {
    assertStringIncludes(help, row);
  }
  const names: Record<string, string[]> = {};
  for await (const sub of all({ queue: commands.queue })) {
    names[sub.name] = shownOptionsOf(sub).map(({ name }) => name);
  }
  assert(names["queue ls"].includes("all") && !names["queue ls"].includes("kind"));
  assert(names["queue add"].includes("kind") && !names["queue add"].includes("all"));
});

Deno.test("overview: every command stands once, below its subject", async () => {
  const help = await overview(SUBJECTS);
  const rows = help.split("\n").filter((line) => /^ {2}[a-z]/.test(line)).map((line) => line.trim().split(" ")[0]);
  assertEquals(rows, Object.keys(commands));
  for (const { title } of SUBJECTS) assertStringIncludes(help, `\n${title}:\n`);
});
