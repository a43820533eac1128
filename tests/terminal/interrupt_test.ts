import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** SQLite counts for ever, in one step that hears nothing. */
const ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

terminalTest("dbx query on a terminal: the first Ctrl-C ends it in the middle of a computation [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  assertEquals((await dbx(["log", "--quiet", "--kind", "k", "a", "x=1"], { cwd: folder.path })).code, 0);
  await using terminal = await Terminal.start(`echo ready; dbx query '${ENDLESS}'`, { cwd: folder.path, env });
  await terminal.waitFor("ready");
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const from = Date.now();
  await terminal.press("C-c");
  assertEquals((await terminal.end()).code, 130);
  assert(Date.now() - from < 5000);
});

Deno.test("dbx query: the first SIGTERM ends it in the middle of a computation [slow]", async () => {
  await using folder = await scratch();
  const { path } = folder;
  assertEquals((await dbx(["log", "--quiet", "--kind", "k", "a", "x=1"], { cwd: path })).code, 0);
  const cli = new URL("../../cli.ts", import.meta.url).pathname;
  const args = ["run", "-A", cli, "query", ENDLESS];
  await using child = new Deno.Command(Deno.execPath(), { args, cwd: path, stdout: "null", stderr: "null" }).spawn();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const from = Date.now();
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 143);
  assert(Date.now() - from < 5000);
});
