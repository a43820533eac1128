// A terminal that gets another size while a command runs.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

terminalTest("dbx run: a child on the terminal learns of its new size", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const child = `trap 'echo "size-$(stty size)-"' WINCH; echo started; while [ ! -e end ]; do sleep 0.1; done`;
  await Deno.writeTextFile(`${cwd}/child.sh`, child);
  await using terminal = await Terminal.start("dbx run -- sh child.sh", { cwd, env: await dbxOnPath(cwd) });
  await terminal.waitFor("started");
  await terminal.resize(100, 30);
  await terminal.waitFor("size-30 100-");
  await terminal.resize(60, 20);
  await terminal.waitFor("size-20 60-");
  await Deno.writeTextFile(`${cwd}/end`, "");
  const { code, shown } = await terminal.end();
  assertEquals(code, 0, shown);
});

terminalTest("dbx clone: a bar that follows the size of the terminal, and is gone at the end [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const lines = Array.from({ length: 4000 }, (_, at) => `{"event":"a/${at}","loss":${seeded.next()}}\n`).join("");
  assertEquals((await dbx(["log", "--quiet"], { cwd, stdin: lines })).code, 0);
  const clone = "dbx clone output copy --limit 60k";
  await using terminal = await Terminal.start(clone, { cwd, env: await dbxOnPath(cwd) });
  await terminal.waitForScreen("a bar", (screen) => /^sending █*░+ +\d+%/m.test(screen));
  await terminal.resize(40, 20);
  await terminal.waitForScreen("a bar without room", (screen) => /^sending +\d+% .{0,31}$/m.test(screen));
  const { code, shown } = await terminal.end();
  assertEquals(code, 0, shown);
  assert(/1 new experiment/.test(shown), shown);
  const left = (await terminal.screen()).split("\n").filter((line) => /^sending +\d+%/.test(line));
  assertEquals(left, [], "the bar is gone");
});
