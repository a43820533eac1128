import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import type { ExperimentRun } from "../../lib/repo/experiments/experiment.ts";
import { DBX, dbx, scratch, spawn } from "./dbx.ts";

async function only(folder: string, name = "output"): Promise<ExperimentRun> {
  const repository = await openReader(`${folder}/${name}`);
  const experiments = await Array.fromAsync(repository.experiments());
  assertEquals(experiments.length, 1);
  return (await experiments[0].runs()).at(-1)!;
}

async function events(run: ExperimentRun, log: string): Promise<{ event: string; [key: string]: unknown }[]> {
  return (await Array.fromAsync(run.log(log).read())).map(({ event, data }) => ({ event, ...data }));
}

Deno.test("dbx run: params, tags, output, events in three ways, the exit code", async () => {
  await using folder = await scratch();
  await Deno.writeTextFile(`${folder.path}/p.json`, '{"batch":32,"lr":9}');
  const script = `printf '{"event":"train/epoch/0","loss":0.5}\\n' >> "$DBX_LOG"
    echo '{"event":"eval","acc":0.75}'; echo 'step 1 loss=0.25 acc: 50%'; printf 'a 1%%\\ra 2%%\\rdone\\n'; echo oops >&2; exit 3`;
  const args = ["run", "--kind", "k", "--name", "n/m", "--tag", "t", "--note", "a note", "--params", "p.json"];
  const ended = await dbx([
    ...args,
    "--param",
    "seed=7",
    "--scalars",
    "auto",
    "--env",
    "all",
    "--",
    "sh",
    "-c",
    script,
    "--lr",
    "0.1",
    "--fast",
  ], {
    cwd: folder.path,
    env: { MY_API_KEY: "hunter2", PLAIN: "seen" },
  });
  assertEquals(ended.code, 3);
  assertEquals(ended.stdout, '{"event":"eval","acc":0.75}\nstep 1 loss=0.25 acc: 50%\na 1%\ra 2%\rdone\n');
  assertStringIncludes(ended.stderr, "oops\n");
  const run = await only(folder.path);
  const { experiment, definition } = run;
  assertEquals([experiment.kind, experiment.name], ["k", "n/m"]);
  assertEquals([experiment.params.batch, experiment.params.lr, experiment.params.seed, experiment.params.fast], [
    32,
    9,
    7,
    true,
  ]);
  assertEquals([definition.env?.MY_API_KEY, definition.env?.PLAIN], ["[redacted:name]", "seen"]);
  assertEquals(definition.pwd, folder.path);
  const notes = await experiment.notes();
  assertEquals([notes.tags, notes.notes.map((note) => note.text)], [["t"], ["a note"]]);
  assertEquals(await events(run, "log"), [{ event: "train/epoch/0", loss: 0.5 }]);
  assertEquals(await events(run, "printed"), [
    { event: "eval", acc: 0.75 },
    { event: "scalars", step: 1, loss: 0.25, acc: 0.5 },
  ]);
  const lines = (await events(run, "stdout")).filter((line) => line.event === "stdout").map((line) => line.text);
  assertEquals(lines, ['{"event":"eval","acc":0.75}', "step 1 loss=0.25 acc: 50%", "done"]);
  assert((await events(run, "stdout")).some((line) => line.event === "stderr" && line.text === "oops"));
  const status = await run.status();
  assertEquals([status.status, status.exitCode], ["failed", 3]);

  const again = await dbx(["run", "-q", "--exp", experiment.id.slice(0, 9), "--", "true"], { cwd: folder.path });
  assertEquals([again.code, again.stderr], [0, ""]);
  assertEquals((await experiment.runs()).length, 2);
  assertEquals((await dbx(["check"], { cwd: folder.path })).code, 0);
});

Deno.test("dbx run: bytes pass untouched; 126, 127 and signals as in sh", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const bytes = crypto.getRandomValues(new Uint8Array(50_000));
  await Deno.writeFile(`${folder.path}/b`, bytes);
  assertEquals((await dbx(["run", "-q", "--", "cat", "b"], at)).bytes, bytes);
  assertEquals((await dbx(["run", "--", "no-such-program"], at)).code, 127);
  assertEquals((await dbx(["run", "--", "./b"], at)).code, 126);
  assertEquals((await dbx(["run", "-q", "--", "sh", "-c", "kill -9 $$"], at)).code, 137);
  assertEquals((await dbx(["run"], at)).code, 2);
  assertEquals((await dbx(["run", "-q", "--", "cat"], { ...at, stdin: "in" })).stdout, "in");
  const loader = await dbx(["run", "-q", "--", "true"], { ...at, env: { LD_LIBRARY_PATH: "/x" } });
  assertEquals([loader.code, loader.stderr], [0, ""]);
});

Deno.test("dbx run: SIGTERM reaches the child; one that stays is killed after the grace", async () => {
  await using folder = await scratch();
  const killed = "dbx: killed the command: it had not ended 0.4 s after SIGTERM (--grace)\n";
  for (const [trap, code, says] of [["exit 5", 5, ""], ["", 137, killed]] as const) {
    // The loop of short sleeps lets the shell's trap act at once, and leaves nothing behind when the shell is killed.
    const script = `trap '${trap}' TERM; echo ready; while :; do sleep 0.1; done`;
    const child = spawn(["run", "-q", "--grace", "0.4", "--", "sh", "-c", script], { cwd: folder.path });
    await child.stdin.close();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGTERM");
    while (!(await reader.read()).done);
    const stderr = await new Response(child.stderr).text();
    assertEquals([(await child.status).code, stderr], [code, says]);
  }
});

Deno.test("dbx run: where nothing can be recorded the command runs all the same", async () => {
  await using folder = await scratch();
  const ended = await dbx(["run", "--repo", "/proc/nowhere", "--", "sh", "-c", "echo hi; exit 6"], {
    cwd: folder.path,
  });
  assertEquals([ended.code, ended.stdout], [6, "hi\n"]);
  assertStringIncludes(ended.stderr, "the command runs, but is not recorded");
});

Deno.test("dbx run: a disk that fills in mid-run costs what does not fit, one warning, and not the child", async () => {
  await using folder = await scratch();
  const disk = `${folder.path}/disk`;
  await Deno.mkdir(disk);
  // A file system of its own that is small, in a namespace that goes when the shell ends.
  const script = `mount -t tmpfs -o size=400k tmpfs "$1" || exit 99
    cd "$1"; shift; "$@"; code=$?; cp -r output ../kept; exit $code`;
  const child = `i=0; while [ $i -lt 9000 ]; do i=$((i+1)); echo "line $i of the output"; done; exit 5`;
  const words = ["-rm", "sh", "-c", script, "sh", disk, ...DBX, "run", "--no-git", "--", "sh", "-c", child];
  const command = new Deno.Command("unshare", { args: words, env: { DBX_REPO: "", NO_COLOR: "1" }, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const said = new TextDecoder().decode(stderr);
  if (code === 99 || said.includes("unshare")) {
    return console.log("skipped: no right to mount a small file system here");
  }
  assertEquals(code, 5, said);
  assertEquals(new TextDecoder().decode(stdout).split("\n").length, 9001);
  assertEquals(said.match(/stdout\.log\.jsonl": No space left.*; continuing/g)?.length, 1, said);
  const lost = Number(/(\d+) events were lost/.exec(said)?.[1]);
  const run = await only(folder.path, "kept");
  const kept = (await events(run, "stdout")).length;
  assert(kept > 1000 && lost > 1000, said);
  // What the report counts is at least what is missing among the lines.
  assert(kept + lost >= 9000, `${kept} kept, ${lost} lost`);
  const check = await dbx(["check", "--repo", `${folder.path}/kept`]);
  assertEquals(check.code, 0, check.stdout);
});

Deno.test("dbx run: a repository that vanishes in mid-run does not stop the child", async () => {
  await using folder = await scratch();
  const child = 'echo before; mv "$DBX_REPO" elsewhere; i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i"; ' +
    "sleep 0.02; done; exit 4";
  const ended = await dbx(["run", "--", "sh", "-c", child], { cwd: folder.path });
  assertEquals([ended.code, ended.stdout.split("\n").length], [4, 32]);
  // The files that were open went along with the folder: nothing is lost, and the run is whole where it now is.
  const run = await only(folder.path, "elsewhere");
  assertEquals((await events(run, "stdout")).length, 31);
  assertEquals((await run.status()).status, "failed");
});

Deno.test("dbx run: two lines of Python, with no library", async () => {
  await using folder = await scratch();
  const lines = `import json, os
for i in range(3): print(json.dumps({"event": f"train/epoch/{i}", "loss": 1 / (i + 1)}), file=open(os.environ["DBX_LOG"], "a"))`;
  await Deno.writeTextFile(`${folder.path}/train.py`, lines);
  const ended = await dbx(["run", "--", "python3", "train.py", "--lr=0.5"], { cwd: folder.path });
  assertEquals(ended.code, 0, ended.stderr);
  assertMatch(ended.stderr, /dbx: run [0-9a-z]{13}\/[0-9a-z]{13} finished/);
  const run = await only(folder.path);
  assertEquals([run.experiment.params.lr, (await events(run, "log")).length], [0.5, 3]);
});
