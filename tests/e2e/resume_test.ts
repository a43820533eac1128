import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { openReader } from "../../lib/repo/open.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

const quiet = ["run", "-q", "--no-git", "--system-interval", "0"];

Deno.test("dbx run: params of nested files, launchers and lists; the kind is the training's [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  await Deno.writeTextFile(`${folder.path}/conf.yaml`, "optim: {name: adam, lr: 0.1}\nlr: 9\n");
  await Deno.writeTextFile(`${folder.path}/conf.toml`, "seed = 4\n");
  await Deno.writeTextFile(`${folder.path}/train.sh`, "exit 0\n");
  const child = ["nice", "-n", "1", "env", "A=1", "sh", "train.sh", "--layers", "128", "64", "--lr", "1", "data/"];
  const one = await dbx([...quiet, "--params", "conf.yaml", "-p", "optim.lr=0.2", "--", ...child], at);
  assertEquals([one.code, one.stderr], [0, ""]);
  const two = await dbx([...quiet, "--params", "conf.toml", "--", "true"], at);
  assertEquals([two.code, two.stderr], [0, ""]);
  const { stdout } = await dbx(["query", "--format", "json", "select kind, params from experiments order by kind"], at);
  const rows = JSON.parse(stdout).map((row: { kind: string; params: string }) => [row.kind, JSON.parse(row.params)]);
  assertEquals(rows, [
    ["train", { layers: [128, 64], lr: 9, args: ["data/"], optim: { name: "adam", lr: 0.2 } }],
    ["true", { seed: 4 }],
  ]);
  const wrong = await dbx([...quiet, "--params", "none.yaml", "--", "true"], at);
  assertEquals(wrong.code, 2);
  assertMatch(wrong.stderr, /Cannot read the params in ".*none\.yaml"/);
});

Deno.test("dbx run --exp: other params are refused, or kept with the run [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const ids = () => Deno.readTextFile(`${folder.path}/ids`);
  assertEquals((await dbx([...quiet, "--id-file", "ids", "--", "true", "--lr", "0.1", "--seed", "3"], at)).code, 0);
  const [exp, run] = (await ids()).trim().split("/");
  const again = [...quiet, "--exp", exp, "--id-file", "ids"];
  const refused = await dbx([...again, "--", "touch", "x", "--lr", "0.2"], at);
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stderr, "lr is 0.2, and was 0.1");
  await Deno.lstat(`${folder.path}/x`).then(() => assert(false, "the command ran"), () => {});
  assertEquals(await ids(), `${exp}/${run}\n`);
  assertEquals((await dbx([...again, "--", "true", "--lr", "0.1"], at)).code, 0);
  assertEquals((await dbx([...again, "--allow-changed-params", "--", "true", "--lr", "0.2"], at)).code, 0);
  const sql = "select extra.params.lr as lr, extra from runs order by created_at";
  const { stdout } = await dbx(["query", "--format", "json", sql], at);
  assertEquals(JSON.parse(stdout), [
    { lr: null, extra: "{}" },
    { lr: null, extra: "{}" },
    { lr: 0.2, extra: '{"params":{"lr":0.2}}' },
  ]);
  const shown = await dbx(["show", (await ids()).trim()], at);
  assertEquals(shown.code, 0, shown.stderr);
  assertStringIncludes(shown.stdout, "with lr=0.2");
  assertEquals((await Array.fromAsync(Deno.readDir(folder.path))).map(({ name }) => name).sort(), ["ids", "output"]);
});

Deno.test("dbx run --resume-or-create: starts at once make one experiment; later ones add runs [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const named = [...quiet, "--resume-or-create", "job 7", "--name", "sweep"];
  const starts = await Promise.all(
    Array.from({ length: 6 }, () => dbx([...named, "--", "true", "--lr", "0.1"], at)),
  );
  assertEquals(starts.map(({ code, stderr }) => [code, stderr]), Array(6).fill([0, ""]));
  const env = { ...at, env: { DBX_RESUME: "job 7" } };
  assertEquals((await dbx([...quiet, "--", "true"], env)).code, 0);
  const other = await dbx([...named, "--", "true", "--lr", "0.2"], at);
  assertEquals(other.code, 2);
  assertStringIncludes(other.stderr, "lr is 0.2, and was 0.1");
  assertEquals((await dbx([...quiet, "--resume-or-create", "job 8", "--", "true"], at)).code, 0);
  // A dbx run inside of a run is an experiment of its own.
  const inner = await dbx([...quiet, "--", "sh", "-c", 'test -z "$DBX_RESUME"'], env);
  assertEquals(inner.code, 0);
  const both = await dbx([...named, "--exp", "abc", "--", "true"], at);
  assertEquals([both.code, both.stderr.includes("both select the experiment")], [2, true]);
  const repository = await openReader(`${folder.path}/output`);
  const found = [];
  for await (const experiment of repository.experiments()) {
    found.push([experiment.extra.resume, experiment.name, (await experiment.runs()).length]);
  }
  assertEquals(found.sort(), [["job 7", "sweep", 8], ["job 8", "", 1]]);
  assertEquals((await dbx(["check"], at)).code, 0);
  // Starts that differ in the folder, too.
  await Promise.all(
    ["a", "b", "c", "d"].map((name) => dbx([...quiet, "--resume-or-create", "j", "--name", name, "--", "true"], at)),
  );
  const { stdout } = await dbx([
    "query",
    "--format",
    "json",
    "select exp, runs from experiments where meta.resume = 'j'",
  ], at);
  const [{ exp, runs }, ...others] = JSON.parse(stdout);
  assertEquals([runs, others], [4, []]);
  assertEquals((await dbx(["rm", exp], at)).code, 0);
  const hidden = await dbx([...quiet, "--resume-or-create", "j", "--", "true"], at);
  assertEquals(hidden.code, 0);
  assertStringIncludes(hidden.stderr, `was deleted and stays hidden; dbx restore ${exp}`);
});

Deno.test("dbx run --jsonl: a line at the start and one at the end on stderr; stdout is the child's", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const ended = await dbx([...quiet, "--jsonl", "--", "sh", "-c", "echo out; exit 3"], at);
  assertEquals([ended.code, ended.stdout], [3, "out\n"]);
  const [start, end, ...rest] = ended.stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(rest, []);
  assertEquals([start.event, start.repo], ["start", `${folder.path}/output`]);
  assert((await Deno.stat(start.dir)).isDirectory);
  assertEquals(end, { event: "end", exp: start.exp, run: start.run, status: "failed", exitCode: 3, lost: 0 });
  const unwritable = await dbx([...quiet, "--id-file", "no/such/folder", "--", "true"], at);
  assertEquals(unwritable.code, 0);
  assertStringIncludes(unwritable.stderr, "Cannot write the id file");
});

Deno.test("dbx run --resume-or-create: on a server, and where it is away [slow]", async () => {
  await using folder = await scratch();
  assertEquals((await dbx(["init", `${folder.path}/r`])).code, 0);
  const server = spawn(["serve", "--create", "--listen", "127.0.0.1:0", "--repo", `${folder.path}/r`]);
  await server.stdin.close();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!/https?:\/\/\S+\s/.test(said)) {
    const { value, done } = await reader.read();
    if (done) break;
    said += value;
  }
  const url = /https?:\/\/[^\s"]+/.exec(said)?.[0];
  const env = { DBX_SPOOL: `${folder.path}/spool`, XDG_STATE_HOME: `${folder.path}/state` };
  const named = [...quiet, "--resume-or-create", "job 7", "--repo", url ?? ""];
  try {
    const starts = await Promise.all(
      [1, 2, 3].map(() => dbx([...named, "--", "true", "--lr", "0.1"], { cwd: folder.path, env })),
    );
    assertEquals(starts.map(({ code, stderr }) => [code, stderr]), Array(3).fill([0, ""]), said);
    const other = await dbx([...named, "--", "true", "--lr", "0.2"], { cwd: folder.path, env });
    assertEquals(other.code, 2, other.stderr);
    const repository = await openReader(`${folder.path}/r`);
    const experiments = await Array.fromAsync(repository.experiments());
    assertEquals(experiments.map(({ extra }) => extra.resume), ["job 7"]);
    assertEquals((await experiments[0].runs()).length, 3);
  } finally {
    server.kill("SIGTERM");
    while (!(await reader.read()).done);
    await Promise.all([server.status, server.stderr.cancel()]);
  }
  const away = await dbx([...named, "--", "echo", "ran"], { cwd: folder.path, env });
  assertEquals([away.code, away.stdout], [0, "ran\n"]);
  assertStringIncludes(away.stderr, "the server cannot be reached; this run creates a new one");
});
