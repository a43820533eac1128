import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { allowed, serveOtherCommands } from "../../lib/cli/launch/other_commands.ts";

Deno.test("dbx top: it may write its index, and nothing else", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["log", "--quiet", "a", "x=1"], { cwd });
  const { stdout } = await dbx(["top", "--show-permissions", "--json"], { cwd });
  const { write, run, net, read } = JSON.parse(stdout);
  assertEquals([run, net], [[], []]);
  for (const path of write) assert(/\/\.dbx\/index$|\/dbx\/index\//.test(path), path);
  assert(read.length > 0);
});

Deno.test("serveOtherCommands: runs one after the other, and answers with what each ended with, also a refusal", async () => {
  const { port1, port2 } = new MessageChannel();
  const ran: string[] = [];
  const run = allowed(["tag"], ["/r"], async ({ args }) => {
    ran.push(`begin ${args}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    ran.push(`end ${args}`);
    return { exitCode: 0, lines: [] };
  });
  serveOtherCommands(port2, run);
  const answers: unknown[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  port1.onmessage = ({ data }) => answers.push(data) === 4 && resolve();
  for (
    const [name, word, repo] of [["tag", "a", "/r"], ["purge", "b", "/r"], ["tag", "c", "/r"], ["tag", "d", "/other"]]
  ) {
    port1.postMessage({ name, args: [word], repo });
  }
  await promise;
  port1.close();
  port2.close();
  assertEquals(ran, ["begin a", "end a", "begin c", "end c"]);
  assertEquals(answers, [
    { exitCode: 0, lines: [] },
    { exitCode: 2, lines: ["dbx: Cannot run dbx purge on /r from here"] },
    { exitCode: 0, lines: [] },
    { exitCode: 2, lines: ["dbx: Cannot run dbx tag on /other from here"] },
  ]);
});
