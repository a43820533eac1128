import { helpOf } from "../../lib/cli/launch/help.ts";
import { commands } from "../../lib/commands/table.ts";
import { assertEquals } from "../assert.ts";

Deno.test("helpOf: says of --repo whether it may be repeated, as the command takes it", async () => {
  for (const load of Object.values(commands)) {
    const { command } = await load();
    const several = helpOf(command).includes("the repository; may be repeated");
    assertEquals(several, command.severalRepositories === true, command.name);
  }
});
