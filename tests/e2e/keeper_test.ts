// What happens to a child and its output when dbx dies, and when others outlive the child.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { Run } from "../../lib/repo/experiments/run.ts";
import { dbx, scratch, spawn } from "./dbx.ts";
import { Random, testSeed } from "../format/random.ts";

const seeded = new Random(testSeed());

async function only(folder: string): Promise<Run> {
  const repository = await openReader(`${folder}/output`);
  const experiments = await Array.fromAsync(repository.experiments());
  assertEquals(experiments.length, 1);
  return (await experiments[0].runs()).at(-1)!;
}

async function events(run: Run, log: string): Promise<{ event: string; data: Record<string, unknown> }[]> {
  return (await Array.fromAsync(run.log(log).read())).map(({ event, data }) => ({ event, data }));
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 90_000;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Prints and logs 40 times, the number of the last one first in a file of its own; dies of a broken pipe as most programs do. */
const CHILD = `i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i"; echo "error $i" >&2
  echo "{\\"event\\":\\"e/$i\\",\\"v\\":$i}" >> "$DBX_LOG"; sleep 0.02; done; echo > done`;

/** Checks what is kept of a run whose dbx was killed when the child had logged so many events. */
async function checkKept(cwd: string, at: number): Promise<void> {
  await until("the run has ended", async () => (await events(await only(cwd), "dbx")).at(-1)?.event === "dbx/end");
  const run = await only(cwd);
  assert(await exists(`${cwd}/done`), "the child was killed");
  assertEquals((await events(run, "log")).length, 40);
  assertEquals((await run.status(Date.now() + 3600_000)).status, "lost");
  const texts = (await events(run, "stdout")).map(({ data }) => data.text);
  for (let i = at + 2; i <= 40; i++) {
    for (const line of [`line ${i}`, `error ${i}`]) {
      assertEquals(texts.filter((text) => text === line).length, 1, `${line}: ${at} were there; ${texts}`);
    }
  }
  const check = await dbx(["check"], { cwd });
  assertEquals(check.code, 0, check.stdout);
  await until(
    "the FIFOs are gone",
    async () => (await Array.fromAsync(Deno.readDir(`${cwd}/output/.dbx/pipes`))).length === 0,
  );
}

Deno.test("keeper: dbx killed at random moments: the child prints on, and another dbx records it, 20 times [slow]", async () => {
  await using folder = await scratch();
  const kill = async (index: number) => {
    const cwd = `${folder.path}/${index}`;
    await Deno.mkdir(cwd);
    const child = spawn(["run", "-q", "--", "sh", "-c", CHILD], { cwd });
    await child.stdin.close();
    const reader = child.stdout.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, seeded.next() * 300));
    child.kill("SIGKILL");
    await child.status;
    const at = (await events(await only(cwd), "log")).length;
    // Half of them lose the terminal as well.
    if (index % 2 === 0) await reader.cancel();
    else while (!(await reader.read()).done);
    await child.stderr.cancel();
    await checkKept(cwd, at);
  };
  for (let round = 0; round < 5; round++) await Promise.all([0, 1, 2, 3].map((lane) => kill(round * 4 + lane)));
});

Deno.test("keeper: the second dbx is killed too: the output is kept in files, and recorded at the end [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const child = spawn(["run", "-q", "--", "sh", "-c", CHILD.replaceAll("0.02", "0.1")], { cwd });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  let second: number | undefined;
  await until("another dbx has started", async () => {
    second = (await events(await only(cwd), "dbx")).find(({ data }) => data.adopted !== undefined)?.data.pid as number;
    return second !== undefined;
  });
  Deno.kill(second!, "SIGKILL");
  const at = (await events(await only(cwd), "log")).length;
  await reader.cancel();
  await child.stderr.cancel();
  await checkKept(cwd, at);
});

Deno.test("keeper: dbx stop ends a run that another dbx goes on with, by its grace too [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `trap 'echo asked' TERM; echo ready; i=0; while [ $i -lt 1200 ]; do i=$((i+1)); sleep 0.05; done`;
  const child = spawn(["run", "-q", "--", "sh", "-c", script], { cwd });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  await until("another dbx has started", async () => {
    return (await events(await only(cwd), "dbx")).some(({ data }) => data.adopted !== undefined);
  });
  const { id } = await only(cwd);
  const stop = await dbx(["stop", id, "--grace", "1s"], { cwd });
  assertEquals(stop.code, 0, stop.stderr);
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  await until("the run has ended", async () => (await events(await only(cwd), "dbx")).at(-1)?.event === "dbx/end");
  const texts = (await events(await only(cwd), "stdout")).map(({ data }) => data.text);
  assert(texts.includes("asked"), `SIGTERM did not reach the child: ${texts}`);
  assertEquals((await (await only(cwd)).status()).status, "killed");
});

Deno.test("keeper: output that no dbx could record is named by check, left by gc, and brought in by hand [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `echo ready; while [ ! -e go ]; do sleep 0.05; done; echo late; echo '{"event":"e","x":1}' >&2`;
  const child = spawn(["run", "-q", "--", "sh", "-c", script], { cwd });
  await child.stdin.close();
  const reader = child.stdout.getReader();
  await reader.read();
  const { id } = await only(cwd);
  const pipes = `${cwd}/output/.dbx/pipes/${id}`;
  await until("the keeper can go on", () => exists(`${pipes}/run.json`));
  // The dbx that would go on finds nothing that it can read, and fails.
  const estate = await Deno.readTextFile(`${pipes}/run.json`);
  await Deno.writeTextFile(`${pipes}/run.json`, "");
  child.kill("SIGKILL");
  await child.status;
  await until("output is kept in files", () => exists(`${pipes}/out.kept`));
  await Deno.writeTextFile(`${cwd}/other`, estate);
  const early = await dbx(["run", "--adopt", id], { cwd });
  assertEquals(early.code, 1);
  assertStringIncludes(early.stderr, "its command is still printing");
  await Deno.writeTextFile(`${cwd}/go`, "");
  while (!(await reader.read()).done);
  await child.stderr.cancel();
  const check = await dbx(["check"], { cwd });
  assertEquals(check.code, 0);
  assertStringIncludes(check.stdout, `dbx run --adopt ${id} imports it`);
  await dbx(["gc"], { cwd });
  await Deno.writeTextFile(`${pipes}/run.json`, JSON.stringify({ ...JSON.parse(estate), hostname: "far" }));
  const elsewhere = await dbx(["run", "--adopt", id], { cwd });
  assertEquals(elsewhere.code, 1);
  assertStringIncludes(elsewhere.stderr, `it ran on far; run dbx run --adopt ${id} there`);
  await Deno.rename(`${cwd}/other`, `${pipes}/run.json`);
  const adopted = await dbx(["run", "--adopt", id], { cwd });
  assertEquals([adopted.code, adopted.stdout], [0, ""], adopted.stderr);
  const run = await only(cwd);
  assertEquals((await events(run, "stdout")).map(({ data }) => data.text).slice(-2), ["late", '{"event":"e","x":1}']);
  assertEquals(await events(run, "printed_stderr"), [{ event: "e", data: { x: 1 } }]);
  assertEquals((await run.status()).status, "lost");
  assertEquals(await exists(pipes), false);
  assertStringIncludes((await dbx(["check"], { cwd })).stdout, "0 damaged, 0 notes");
  assertEquals((await dbx(["run", "--adopt", id], { cwd })).code, 1);
});

Deno.test("keeper: a keeper that is killed costs nothing, and leaves nothing", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script =
    `for pid in $(ps -o pid= --ppid $PPID); do [ $pid = $$ ] || kill -9 $pid; done; sleep 0.3; echo on; exit 4`;
  const output = await dbx(["run", "-q", "--no-git", "--system-interval", "0", "--", "sh", "-c", script], { cwd });
  assertEquals([output.code, output.stdout], [4, "on\n"], output.stderr);
  assertEquals((await events(await only(cwd), "stdout")).map(({ data }) => data.text), ["on"]);
  assertEquals(await Array.fromAsync(Deno.readDir(`${cwd}/output/.dbx/pipes`)), []);
});

Deno.test("keeper: what outlives the child prints on, and dbx does not wait for it [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `(while [ ! -e go ]; do sleep 0.05; done; echo late; echo "$?" >done) & echo now; exit 3`;
  const child = spawn(["run", "--", "sh", "-c", script], { cwd });
  await child.stdin.close();
  assertEquals((await child.status).code, 3);
  assertEquals((await (await only(cwd)).status()).status, "failed");
  await Deno.writeTextFile(`${cwd}/go`, "");
  assertEquals(await new Response(child.stdout).text(), "now\nlate\n");
  assertEquals(await Deno.readTextFile(`${cwd}/done`), "0\n");
  assertStringIncludes(
    await new Response(child.stderr).text(),
    "processes that the command left behind are still printing",
  );
});

Deno.test("keeper: a file system without FIFOs has them elsewhere, and where there is nowhere dbx says so [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  // A file stands where the folder for the FIFOs would be made.
  await dbx(["init"], { cwd });
  await Deno.mkdir(`${cwd}/output/.dbx`, { recursive: true });
  await Deno.writeTextFile(`${cwd}/output/.dbx/pipes`, "");
  const script = `ls -l /proc/$$/fd/1 | sed 's/.* -> //'; echo '{"event":"e","x":1}' >&2`;
  const elsewhere = await dbx(["run", "-q", "--", "sh", "-c", script], { cwd, env: { TMPDIR: cwd } });
  assertStringIncludes(elsewhere.stdout, `${cwd}/dbx-`);
  await Deno.mkdir(`${cwd}/bin`);
  const { stdout } = await new Deno.Command("which", { args: ["echo"] }).output();
  await Deno.symlink(new TextDecoder().decode(stdout).trim(), `${cwd}/bin/echo`);
  const shellless = await dbx(["run", "-q", "--", "echo", "hi"], { cwd, env: { PATH: `${cwd}/bin` } });
  assertEquals([shellless.code, shellless.stdout], [0, "hi\n"]);
  assertStringIncludes(shellless.stderr, "there is no sh in PATH: if dbx dies");
  const nowhere = await dbx(["run", "-q", "--", "sh", "-c", script], {
    cwd,
    env: { TMPDIR: `${cwd}/output/dbx.json` },
  });
  assertEquals([nowhere.code, nowhere.stdout.slice(0, 5)], [0, "pipe:"]);
  assertStringIncludes(nowhere.stderr, "FIFOs cannot be created here: if dbx dies, a command that prints dies too");
});

for (const shell of ["dash", "bash", "busybox"]) {
  Deno.test(`keeper: ${shell} as sh`, async () => {
    await using folder = await scratch();
    const cwd = folder.path;
    const found = await new Deno.Command("which", { args: [shell] }).output();
    const path = new TextDecoder().decode(found.stdout).trim();
    if (path === "") return console.log(`skipped: ${shell} is not here`);
    await Deno.mkdir(`${cwd}/bin`);
    await Deno.symlink(path, `${cwd}/bin/sh`);
    const env = { PATH: `${cwd}/bin:${Deno.env.get("PATH")}` };
    const script = `trap 'echo got' USR1; echo ready; while [ ! -e go ]; do sleep 0.05; done`;
    const child = spawn(["run", "-q", "--", "dash", "-c", script], { cwd, env });
    await child.stdin.close();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    const read = async (wanted: string) => {
      while (!text.includes(wanted)) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
    };
    await read("ready");
    child.kill("SIGUSR1");
    await read("got\n");
    // The keeper answers a second time, although a signal interrupted its reading.
    child.kill("SIGUSR1");
    await read("got\ngot\n");
    await Deno.writeTextFile(`${cwd}/go`, "");
    await read("never");
    assertEquals([text, (await child.status).code], ["ready\ngot\ngot\n", 0]);
    await child.stderr.cancel();
  });
}
