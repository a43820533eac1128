// `dbx top` with somebody in front of it.
import { assert, assertEquals } from "../assert.ts";
import { dbx, scratch } from "../e2e/dbx.ts";
import { dbxOnPath } from "./dbx_on_path.ts";
import { Terminal } from "./pty.ts";
import { terminalTest } from "./tools.ts";

/** A folder with experiments, whose losses are 0.1, 0.2 and so on. */
async function experiments(cwd: string, names: readonly string[]): Promise<void> {
  for (const [at, name] of names.entries()) {
    const lines = Array.from(
      { length: 20 },
      (_, epoch) => `{"event":"epoch/${epoch}","loss":${(at + 1) / 10 + 1 / (epoch + 1)}}`,
    );
    const args = ["log", "--quiet", "--kind", "demo", "--name", name, "--param", `lr=${at + 1}`];
    const { code, stderr } = await dbx(args, { cwd, stdin: lines.join("\n") + "\n" });
    assertEquals(code, 0, stderr);
  }
}

/** An interactive shell with dbx on its path. */
async function shell(cwd: string, columns = 100, rows = 30): Promise<Terminal> {
  const terminal = await Terminal.start("bash --norc --noprofile -i", {
    cwd,
    env: await dbxOnPath(cwd),
    columns,
    rows,
  });
  await terminal.enter("PS1='ready> '");
  await terminal.waitForScreen("a prompt", (screen) => /^ready> ?$/m.test(screen.split("\n").at(-1) ?? ""));
  return terminal;
}

/** Fails unless the terminal is as a shell needs it. */
async function assertRestored(terminal: Terminal): Promise<void> {
  const { other, mouse, cursor } = await terminal.modes();
  assertEquals({ other, mouse, cursor }, { other: false, mouse: false, cursor: true });
  await terminal.enter("stty -a | tr ' ' '\\n' | grep -cx -e icanon -e echo -e isig -e opost | sed 's/^/modes-/'");
  await terminal.waitFor(/^modes-4/m);
}

terminalTest("dbx top: list, filter with completion, sort, marks, tag, and a resize [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await experiments(cwd, ["first", "second", "third"]);
  await using terminal = await shell(cwd);
  await terminal.enter("dbx top --sort created");
  await terminal.waitForScreen(
    "the list and a chart",
    (it) => /first.*\n.*second.*\n.*third/.test(it) && it.includes("epoch:loss"),
  );
  assertEquals((await terminal.modes()).other, true);
  await terminal.type("/");
  await terminal.type("params.l");
  await terminal.press("Tab");
  await terminal.waitForScreen("the completed column", (it) => /^\/ params\.lr *$/m.test(it));
  await terminal.type(" < nothing");
  await terminal.press("Enter");
  await terminal.waitForScreen("what is wrong", (it) => it.includes("nothing") && /Cannot|no such|unknown/i.test(it));
  for (let at = 0; at < " < nothing".length; at++) await terminal.press("BSpace");
  await terminal.type(" < 3");
  await terminal.press("Enter");
  await terminal.waitForScreen(
    "two of them",
    (it) => it.includes("second") && !it.includes("third") && it.includes("1/2"),
  );
  await terminal.press("Escape");
  await terminal.waitForScreen("all again", (it) => it.includes("1/3"));
  await terminal.press("Space", "Space");
  await terminal.waitForScreen("two marks", (it) => it.includes("2 marked") && it.includes("3/3"));
  await terminal.type("tgood idea");
  await terminal.press("Enter");
  await terminal.waitForScreen("what was done", (it) => it.includes("tagged 2 runs"));
  const { stdout } = await dbx(["ls", "--json", "--cols", "name,tags", "--sort", "created"], { cwd });
  assertEquals(JSON.parse(stdout).map(({ tags }: { tags: string[] }) => tags), [["good idea"], ["good idea"], []]);
  await terminal.press("c");
  await terminal.waitForScreen("the comparison", (it) => it.includes("2 runs compared") && /lr +1 +2/.test(it));
  await terminal.resize(130, 40);
  await terminal.waitForScreen("all panes", (it) => it.includes("2 runs compared") && it.includes("epoch:loss"));
  await terminal.resize(44, 12);
  await terminal.waitForScreen("one pane", (it) => it.includes("2 runs compared") && !it.includes("marked"));
  await terminal.press("1");
  await terminal.waitForScreen("the list", (it) => it.includes("2 marked"));
  await terminal.press("?");
  await terminal.waitForScreen("the help", (it) => it.includes("next run"));
  await terminal.press("Escape");
  await terminal.waitForScreen("no help", (it) => !it.includes("next run"));
  await terminal.press("q");
  await terminal.waitForScreen("the shell again", (it) => /^ready> ?$/m.test(it.split("\n").at(-1) ?? ""));
  await assertRestored(terminal);
});

terminalTest("dbx top: Ctrl-Z and fg, SIGTERM, SIGHUP and SIGTSTP leave a terminal that works [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await experiments(cwd, ["only"]);
  await using terminal = await shell(cwd);
  const isShown = (screen: string) => screen.includes("epoch:loss") && screen.includes("╭ runs");
  const prompt = () => terminal.waitForScreen("a prompt", (it) => !isShown(it) && /ready> ?$/.test(it));
  const stop = async () => {
    await terminal.press("C-z");
    assert((await prompt()).includes("Stopped"));
  };
  await terminal.enter("dbx top");
  await terminal.waitForScreen("the list", isShown);
  await stop();
  await assertRestored(terminal);
  await terminal.enter("clear; fg");
  await terminal.waitForScreen("the list again", isShown);
  assertEquals((await terminal.modes()).mouse, true);
  // From another process, as a scheduler or a closed window sends them.
  Deno.kill(await pidOf("top", cwd), "SIGTSTP");
  await prompt();
  await assertRestored(terminal);
  await terminal.enter("clear; fg");
  for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    await terminal.waitForScreen("the list", isShown);
    Deno.kill(await pidOf("top", cwd), signal);
    await prompt();
    await terminal.enter("echo code-$?-");
    await terminal.waitFor(`code-${code}-`);
    await assertRestored(terminal);
    await terminal.enter("clear; dbx top");
  }
  await terminal.waitForScreen("the list", isShown);
  await terminal.press("q");
  await prompt();
});

terminalTest(
  "dbx top: a terminal that cannot move its cursor gets the list once, without sequences [slow]",
  async () => {
    await using folder = await scratch();
    const cwd = folder.path;
    await experiments(cwd, ["only"]);
    await using terminal = await shell(cwd);
    for (const [at, term] of ["export TERM=dumb", "unset TERM"].entries()) {
      await terminal.enter(`${term}; dbx top 2>said; echo end-${at}-$?-`);
      await terminal.waitFor(new RegExp(`only .*\\n(.*\\n)*end-${at}-0-`));
      assertEquals((await terminal.modes()).other, false);
      assert((await Deno.readTextFile(`${cwd}/said`)).includes("TERM is not that of"));
    }
  },
);

/** The process that runs `dbx <command>` in a folder. */
async function pidOf(command: string, cwd: string): Promise<number> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = (await Deno.readTextFile(`/proc/${name}/cmdline`)).split("\0");
      if (words.includes(command) && await Deno.realPath(`/proc/${name}/cwd`) === await Deno.realPath(cwd)) {
        return Number(name);
      }
    } catch {
      // It has ended, or is somebody else's.
    }
  }
  throw new Error(`no process runs dbx ${command}`);
}

terminalTest("dbx top: texts of a repository reach no terminal as they are, at any size [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const evil = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b8m\u202e中文 name";
  const created = await dbx(["log", "--quiet", "--kind", evil, "--param", `p\x1b[5m=${evil}`, "e/1", "loss=1"], {
    cwd,
  });
  assertEquals(created.code, 0, created.stderr);
  const run = await dbx([
    "run",
    "--quiet",
    "--kind",
    evil,
    "--",
    "sh",
    "-c",
    "printf 'out \\033]0;owned\\007\\033[2Jput\\n'",
  ], { cwd });
  assertEquals(run.code, 0, run.stderr);
  for (const [columns, rows] of [[40, 10], [60, 20], [80, 24], [120, 40], [300, 60]]) {
    await using terminal = await Terminal.start("dbx top", { cwd, env: await dbxOnPath(cwd), columns, rows });
    await terminal.waitForScreen("the list", (it) => it.includes("╭ runs") && it.includes("1/2"));
    for (
      const keys of [["3"], ["l"], ["Enter"], ["Escape"], ["2"], ["1", "j", "3", "i"], [
        "1",
        "Space",
        "k",
        "Space",
        "c",
      ]]
    ) {
      await terminal.press(...keys);
      await new Promise((resolve) => setTimeout(resolve, 150));
      const shown = await terminal.screen();
      const { title, other } = await terminal.modes();
      assert(title !== "owned" && other, `${columns}: ${title}`);
      assert(shown.split("\n")[0].startsWith("dbx top"), `${columns}: ${shown}`);
      // deno-lint-ignore no-control-regex
      assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(shown), `${columns}: ${JSON.stringify(shown)}`);
    }
    await terminal.press("q");
    assertEquals((await terminal.end()).code, 0);
  }
});

terminalTest("dbx top: progress and output of a run as it goes on, and S stops it [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script =
    'for i in 0 1 2 3; do echo "{\\"event\\":\\"epoch/$i\\",\\"loss\\":$i}" >>$DBX_LOG; echo "line-$i"; done; exec sleep 600';
  await using terminal = await shell(cwd, 120, 30);
  await terminal.enter(`dbx run --quiet --name live -p epochs=8 -- sh -c '${script}' >/dev/null 2>&1 & clear`);
  await until(async () => (await dbx(["ls", "--json=status"], { cwd })).stdout.includes("running"));
  await terminal.enter("dbx top");
  await terminal.waitForScreen("half of it", (it) => /live.*█+░+ 50%/.test(it));
  await terminal.press("l");
  await terminal.waitForScreen("the output", (it) => it.includes("line-3"));
  await terminal.press("S");
  await terminal.waitForScreen("a question", (it) => it.includes("stop 1 run (live"));
  await terminal.press("n", "S", "y");
  await terminal.waitForScreen("its end", (it) => /■ 1 killed|✗ 1 failed/.test(it));
  await terminal.press("q");
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const from = Date.now(); !await isSo();) {
    if (Date.now() - from > 60_000) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

terminalTest(
  "runInWorker: a worker that crashes or hangs on the whole screen leaves a terminal that works [slow]",
  async () => {
    await using folder = await scratch();
    const program = decodeURIComponent(new URL("./crashing/program.ts", import.meta.url).pathname);
    const config = decodeURIComponent(new URL("../../deno.json", import.meta.url).pathname);
    await using terminal = await shell(folder.path);
    for (const [how, code] of [["throws", 70], ["rejects", 70], ["hangs", 143]] as const) {
      await terminal.enter(
        `clear; '${Deno.execPath()}' run -A --quiet --no-prompt --config '${config}' '${program}' ${how}`,
      );
      await terminal.waitForScreen("the other screen", (it) => it.includes("on the whole screen"));
      assertEquals((await terminal.modes()).other, true);
      if (how === "hangs") Deno.kill(await pidOf(how, folder.path), "SIGTERM");
      else await terminal.press("x");
      await terminal.waitForScreen("the shell", (it) => /ready> ?$/.test(it));
      await terminal.enter("echo code-$?-");
      await terminal.waitFor(`code-${code}-`);
      await assertRestored(terminal);
    }
  },
);
