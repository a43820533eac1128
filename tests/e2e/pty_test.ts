// `dbx run --pty`: the child has a terminal.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { Run } from "../../lib/repo/experiments/run.ts";
import { dbx, quoted, scratch, spawn } from "./dbx.ts";

async function only(folder: string): Promise<Run> {
  const repository = await openReader(`${folder}/output`);
  const experiments = await Array.fromAsync(repository.experiments());
  assertEquals(experiments.length, 1);
  return (await experiments[0].runs()).at(-1)!;
}

Deno.test("dbx run --pty: a terminal on all three streams, words as they are, the environment, the exit code", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal; printf '<%s>' "$@"; echo; stty size; echo "$SHELL"
    printf 'a\\rb\\n'; echo '{"event":"e","x":1}'; exit 6`;
  const words = ["sh", "-c", script, "sh", "it's", 'a "b" $c', "", "*"];
  const ended = await dbx(["run", "-q", "--pty", "--", ...words], {
    cwd,
    env: { SHELL: "/bin/other", COLUMNS: "91", LINES: "33" },
  });
  const lines = [
    "terminal",
    `<it's><a "b" $c><><*>`,
    "33 91",
    "/bin/other",
    "a\rb",
    '{"event":"e","x":1}',
  ];
  assertEquals([ended.code, ended.stdout, ended.stderr], [6, lines.join("\n") + "\n", ""]);
  const run = await only(cwd);
  assertEquals([(await run.status()).status, (await run.status()).exitCode], ["failed", 6]);
  const printed = (await Array.fromAsync(run.log("printed").read())).map(({ event, data }) => [event, data.x]);
  assertEquals(printed, [["e", 1]]);
});

Deno.test("dbx run --pty: signals reach the child itself, once", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script =
    `trap 'echo one >>got' USR1; trap 'echo end >>got; exit 9' TERM; echo ready; while :; do sleep 0.05; done`;
  const child = spawn(["run", "-q", "--pty", "--", "sh", "-c", script], { cwd });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGUSR1");
  const end = Date.now() + 60_000;
  while (await Deno.readTextFile(`${cwd}/got`).catch(() => "") === "" && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGTERM");
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  assertEquals([(await child.status).code, await Deno.readTextFile(`${cwd}/got`)], [9, "one\nend\n"]);

  const killed = await dbx(["run", "-q", "--pty", "--", "sh", "-c", "kill -9 $$"], { cwd: `${cwd}` });
  assertEquals(killed.code, 137);
});

Deno.test("dbx run --pty: the terminal's size and its changes, and Ctrl-C, reach the child", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `trap 'stty size >>sizes' WINCH; trap 'echo interrupted >>got; exit 5' INT
stty size >>sizes; echo ready; while :; do sleep 0.05; done`;
  await Deno.writeTextFile(`${cwd}/child.sh`, script);
  const name = `dbx-${crypto.randomUUID().slice(0, 8)}`;
  const tmux = async (...args: string[]) => {
    const { success, stdout } = await new Deno.Command("tmux", { args: ["-L", name, ...args] }).output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  };
  const words = quoted().replace(" '-A' ", " '-A' '--no-prompt' ");
  const line = `cd ${cwd} && DBX_REPO= ${words} run -q --pty -- sh child.sh; echo "code $?" >code`;
  await Deno.writeTextFile(`${cwd}/all.sh`, line);
  if (await tmux("new-session", "-d", "-x", "80", "-y", "24", "sh", `${cwd}/all.sh`) === undefined) {
    return console.log("skipped: tmux is not here");
  }
  const until = async (file: string, text: string) => {
    const end = Date.now() + 60_000;
    while (!(await Deno.readTextFile(`${cwd}/${file}`).catch(() => "")).includes(text)) {
      if (Date.now() > end) throw new Error(`no "${text}" in ${file}: ${await tmux("capture-pane", "-p")}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
  try {
    await until("sizes", "24 80\n");
    await tmux("resize-window", "-x", "100", "-y", "30");
    await until("sizes", "30 100\n");
    await tmux("send-keys", "C-c");
    await until("code", "code 5");
    assertEquals(await Deno.readTextFile(`${cwd}/got`), "interrupted\n");
  } finally {
    await tmux("kill-server");
  }
});

Deno.test("dbx run --pty: without script, a clear error and nothing is made", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await Deno.mkdir(`${cwd}/bin`);
  const sh = new TextDecoder().decode((await new Deno.Command("which", { args: ["sh"] }).output()).stdout).trim();
  await Deno.symlink(sh, `${cwd}/bin/sh`);
  const ended = await dbx(["run", "--pty", "--", "sh", "-c", "true"], { cwd, env: { PATH: `${cwd}/bin` } });
  assertEquals(ended.code, 2);
  assertStringIncludes(ended.stderr, "Cannot use --pty: the program script was not found in PATH; install util-linux");
  assert(!(await Array.fromAsync(Deno.readDir(cwd))).some((entry) => entry.name === "output"));
});
