import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** SQLite counts for ever, in one step that hears nothing. */
const ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

/** Waits until a process has used a second of processor time: by then it has started, and computes. */
async function computes(pid: number): Promise<void> {
  for (const from = Date.now();;) {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "time=", "-p", String(pid)] }).output();
    const text = new TextDecoder().decode(stdout).trim();
    const seconds = text.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
    if (seconds >= 1) return;
    if (text === "" || Date.now() - from > 30_000) throw new Error(`it does not compute: "${text}"`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

terminalTest("dbx query on a terminal: the first Ctrl-C ends it in the middle of a computation [slow]", async () => {
  await using folder = await scratch();
  const env = await dbxOnPath(folder.path);
  assertEquals((await dbx(["log", "--quiet", "--kind", "k", "a", "x=1"], { cwd: folder.path })).code, 0);
  const line = `sh -c 'echo process=$$ begins; exec dbx query "${ENDLESS}"'`;
  await using terminal = await Terminal.start(line, { cwd: folder.path, env });
  const [, pid] = /process=(\d+) begins/.exec(await terminal.waitFor(/process=\d+ begins/))!;
  await computes(Number(pid));
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
  await computes(child.pid);
  const from = Date.now();
  child.kill("SIGTERM");
  assertEquals((await child.status).code, 143);
  assert(Date.now() - from < 5000);
});
