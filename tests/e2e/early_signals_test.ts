// Signals that come before there is a child.
import { SignalRelay } from "../../lib/commands/record/child/signal_relay.ts";
import { openReader } from "../../lib/repo/open.ts";
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!await holds()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

Deno.test("early signals: one that comes while the run is made ends it, and the command is not started", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  // dbx asks git while it makes a run: this one holds it there.
  await Deno.mkdir(`${cwd}/bin`);
  await Deno.writeTextFile(
    `${cwd}/bin/git`,
    `#!/bin/sh\necho > ${cwd}/asked\ni=0; while [ ! -e ${cwd}/go ] && [ $i -lt 600 ]; do i=$((i+1)); sleep 0.05; done\nexit 1\n`,
    { mode: 0o755 },
  );
  const env = { PATH: `${cwd}/bin:${Deno.env.get("PATH")}` };
  const child = spawn(["run", "--", "sh", "-c", "echo > started"], { cwd, env });
  await child.stdin.close();
  await until("git is asked", () => exists(`${cwd}/asked`));
  child.kill("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 200));
  await Deno.writeTextFile(`${cwd}/go`, "");
  const { code } = await child.status;
  const stderr = await new Response(child.stderr).text();
  await child.stdout.cancel();
  assertEquals(code, 143, stderr);
  assertEquals(await exists(`${cwd}/started`), false);
  assertStringIncludes(stderr, "killed (exit code 143)");
  const [experiment] = await Array.fromAsync((await openReader(`${cwd}/output`)).experiments());
  const status = await (await experiment.runs())[0].status();
  assertEquals([status.status, status.signal], ["killed", "SIGTERM"]);
  assertEquals((await dbx(["check"], { cwd })).code, 0);
});

Deno.test("early signals: what makes the run does not end: dbx ends all the same [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    resolve();
    return answer.promise;
  });
  const child = spawn([
    "run",
    "--repo",
    `http://127.0.0.1:${server.addr.port}`,
    "--exp",
    "abc",
    "--",
    "touch",
    "started",
  ], {
    cwd,
    env: { XDG_STATE_HOME: cwd, XDG_DATA_HOME: cwd, HOME: cwd },
  });
  await child.stdin.close();
  await asked;
  child.kill("SIGINT");
  assertEquals((await child.status).code, 130);
  await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  assertEquals(await exists(`${cwd}/started`), false);
  answer.resolve(new Response());
  await server.shutdown();
});

Deno.test("SignalRelay: a signal that comes before the child is passed on to it once", async () => {
  using relay = new SignalRelay({ terminal: false });
  Deno.kill(Deno.pid, "SIGUSR2");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const got: string[] = [];
  relay.attach({ pid: 0, kill: (signal) => void got.push(signal) });
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(got, ["SIGUSR2"]);
  assert(relay.stoppedBy === undefined);
});

Deno.test("run: a script without a #! line is run by sh, as a shell does", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await Deno.writeTextFile(`${cwd}/train`, `echo "got $1"\nexit 3\n`, { mode: 0o755 });
  const output = await dbx(["run", "--", "./train", "a b"], { cwd });
  assertEquals([output.code, output.stdout], [3, "got a b\n"], output.stderr);
});

/** Waits until a process has a file open. */
async function opens(pid: number, path: string): Promise<void> {
  const real = await Deno.realPath(path);
  for (const from = Date.now();;) {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      // A file may be closed meanwhile.
      if (await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "") === real) return;
    }
    if (Date.now() - from > 30_000) throw new Error(`it does not open ${real}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("SIGTERM: a command that it aborts ends with 143", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await dbx(["run", "--", "echo", "loss=1"], { cwd });
  const index = `${cwd}/output/.dbx/index`;
  await Deno.mkdir(index, { recursive: true });
  // Whoever makes the index holds this.
  using lock = await Deno.open(`${index}/lock`, { create: true, write: true });
  await lock.lock(true);
  const child = spawn(["index"], { cwd });
  await child.stdin.close();
  // Until it waits for the lock; elsewhere the system does not show which files it has open.
  if (Deno.build.os === "linux") await opens(child.pid, `${index}/lock`);
  else await new Promise((resolve) => setTimeout(resolve, 1500));
  child.kill("SIGTERM");
  const { code } = await child.status;
  await Promise.all([child.stdout.cancel(), child.stderr.cancel()]);
  assertEquals(code, 143);
});
