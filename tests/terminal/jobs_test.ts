// Ctrl-C, Ctrl-Z and fg, typed into an interactive shell.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** An interactive shell with dbx on its path, in a folder. */
async function shell(cwd: string): Promise<Terminal> {
  const terminal = await Terminal.start("bash --norc --noprofile -i", { cwd, env: await dbxOnPath(cwd) });
  await terminal.enter("PS1='ready> '");
  await terminal.waitForScreen("a prompt", (screen) => /^ready> $|^ready>$/m.test(screen.split("\n").at(-1) ?? ""));
  return terminal;
}

/** The exit code of the last command, as the shell knows it. */
async function exitCode(terminal: Terminal): Promise<number> {
  await terminal.enter('echo "code-$?-"');
  const shown = await terminal.waitFor(/^code-\d+-/m);
  return Number([...shown.matchAll(/^code-(\d+)-/gm)].at(-1)![1]);
}

/** A script that counts, tells its number, and ends with 5 when it was interrupted, as a training that saves. */
const TRAINING = `trap 'echo saved; exit 5' INT
echo "pid-$$-"
i=0
while :; do
  i=$((i + 1))
  echo "tick-$i-"
  sleep 0.1
done
`;

/** The state of a process: `R`, `S`, or `T` when it was stopped. */
async function stateOf(pid: number): Promise<string> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2)[0];
}

async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  for (const from = Date.now(); !await look();) {
    if (Date.now() - from > 60_000) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

terminalTest(
  "dbx run: Ctrl-Z stops the training too, fg goes on with it, and Ctrl-C reaches it once [slow]",
  async () => {
    await using folder = await scratch();
    await Deno.writeTextFile(`${folder.path}/train.sh`, TRAINING);
    await using terminal = await shell(folder.path);
    await terminal.enter("dbx run -- sh train.sh");
    const pid = Number(/^pid-(\d+)-/m.exec(await terminal.waitFor("tick-3-"))![1]);
    await terminal.press("C-z");
    await terminal.waitFor("Stopped");
    if (Deno.build.os === "linux") await until("the training stops", async () => await stateOf(pid) === "T");
    await terminal.enter("echo between; fg");
    const stopped = await terminal.waitFor(/^between/m);
    const ticks = stopped.split("between")[0].match(/tick-\d+-/g)!.length;
    await terminal.waitFor(`tick-${ticks + 5}-`);
    await terminal.press("C-c");
    await terminal.waitFor("(exit code 5)");
    assertEquals(await exitCode(terminal), 5);
    const shown = await terminal.everything();
    assertEquals(shown.match(/^(\^C)?saved$/gm)?.length, 1, shown);
    assert(!shown.includes("Deno requests"), shown);
    const { stdout } = await dbx(["ls", "--json", "--cols", "status"], { cwd: folder.path });
    // The terminal tells both of Ctrl-C: the training may have ended before dbx has heard of it.
    assert(["killed", "failed"].includes(JSON.parse(stdout)[0].status), stdout);
  },
);

terminalTest("dbx tail -f: Ctrl-Z and fg lose no line, Ctrl-C ends it [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["log", "--quiet", "first", "x=1"], { cwd });
  const [{ id }] = JSON.parse((await dbx(["ls", "--json", "--cols", "id"], { cwd })).stdout);
  const runs = [...Deno.readDirSync(`${cwd}/output/${id}/runs`)];
  const log = `${cwd}/output/${id}/runs/${runs[0].name}/log.jsonl`;
  await using terminal = await shell(cwd);
  await terminal.enter("dbx tail --follow --forever");
  await terminal.waitFor(/first/);
  await terminal.press("C-z");
  await terminal.waitFor("Stopped");
  await Deno.writeTextFile(log, '{"event":"second","x":2}\n', { append: true });
  await terminal.enter("fg");
  await terminal.waitFor("second");
  await Deno.writeTextFile(log, '{"event":"third","x":3}\n', { append: true });
  await terminal.waitFor("third");
  await terminal.press("C-c");
  assertEquals(await exitCode(terminal), 130);
  const shown = await terminal.everything();
  assertEquals(shown.match(/second/g)?.length, 1, shown);
});

terminalTest(
  "dbx query --live: Ctrl-Z and fg, then the newest answer in its place, and Ctrl-C ends it [slow]",
  async () => {
    await using folder = await scratch();
    const cwd = folder.path;
    await dbx(["log", "--quiet", "first", "x=1"], { cwd });
    await using terminal = await shell(cwd);
    await terminal.enter("dbx query --live \"SELECT 'seen-' || count(*) || '-' AS n FROM experiments\"");
    await terminal.waitFor(/^seen-1-/m);
    await terminal.press("C-z");
    await terminal.waitFor("Stopped");
    await dbx(["log", "--quiet", "more", "x=1"], { cwd });
    await terminal.enter("fg");
    await terminal.waitFor(/^seen-2-/m);
    await dbx(["log", "--quiet", "more", "x=1"], { cwd });
    const screen = await terminal.waitForScreen("the third answer", (screen) => /^seen-3-/m.test(screen));
    assert(!/^seen-2-/m.test(screen), `the older answer is gone:\n${screen}`);
    await terminal.press("C-c");
    const code = await exitCode(terminal);
    assert(code === 0 || code === 130, `exit code ${code}`);
  },
);

terminalTest("dbx serve: Ctrl-Z and fg, then it answers, and Ctrl-C ends it well", async () => {
  await using folder = await scratch();
  await using terminal = await shell(folder.path);
  await terminal.enter("dbx serve --listen 127.0.0.1:0");
  const [url] = /http:\/\/127[0-9.:]+/.exec(await terminal.waitFor(/http:\/\/127[0-9.:]+\d/))!;
  await terminal.press("C-z");
  await terminal.waitFor("Stopped");
  const asked = fetch(`${url}/api/v1/experiments`); // It waits until the server goes on.
  await terminal.enter("fg");
  const response = await asked;
  await response.body?.cancel();
  assertEquals(response.status, 200);
  await terminal.waitFor("200 GET");
  await terminal.press("C-c");
  assertEquals(await exitCode(terminal), 0);
  const shown = await terminal.everything();
  assert(!shown.includes("Deno requests"), shown);
});
