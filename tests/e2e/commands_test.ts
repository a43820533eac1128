import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { dbx, quoted, scratch } from "./dbx.ts";

const LINES =
  '{"event":"train/epoch/0","loss":1,"acc":0.1}\n{"event":"train/epoch/1","loss":0.25,"acc":NaN}\nprinted\n';

Deno.test("dbx: version, help, and the nearest name for a wrong one [slow]", async () => {
  assertMatch((await dbx(["--version"])).stdout, /^dbx \d+\.\d+\.\d+\n$/);
  const version = JSON.parse((await dbx(["version", "--json"])).stdout);
  assertEquals(version.format, 1);
  const help = await dbx([]);
  for (
    const name of ["init", "run", "log", "ls", "show", "tail", "query", "schema", "check", "completions", "version"]
  ) {
    assertStringIncludes(help.stdout, `  ${name} `);
    const own = await dbx([name, "--help"]);
    assertEquals([own.code, own.stderr], [0, ""]);
    assertStringIncludes(own.stdout, `usage: dbx ${name}`);
    assertEquals((await dbx(["help", name])).stdout, own.stdout);
  }
  const wrong = await dbx(["shwo"]);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'did you mean "show"?');
  assertStringIncludes((await dbx(["ls", "--jsn"])).stderr, 'did you mean "--json"?');
  assertEquals((await dbx(["ls", "--limit", "many"])).code, 2);
  assertEquals((await dbx(["show"])).code, 2);
});

Deno.test("dbx init, log, ls, show, tail, check: one story [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  assertStringIncludes((await dbx(["init"], at)).stdout, "created the repository");
  assertStringIncludes((await dbx(["init"], at)).stdout, "is a repository already");

  const logged = await dbx([
    "log",
    "--name",
    "a/b",
    "--kind",
    "mnist",
    "--param",
    "lr=0.1",
    "--tag",
    "base",
    "--json",
    "--tee",
  ], {
    ...at,
    stdin: LINES,
  });
  assertEquals([logged.code, logged.stdout], [0, LINES]);
  const { exp, run, events } = JSON.parse(logged.stderr);
  assertEquals(events, 2);
  const second = JSON.parse(
    (await dbx(["log", "--json", "-p", "lr=0.01", "eval", "acc=0.5", "split=test"], at)).stdout,
  );

  const rows = JSON.parse(
    (await dbx(["ls", "--json", "--cols", "id,kind,params.lr,last:loss,min:loss,status,tags"], at)).stdout,
  );
  const mine = rows.find((row: { id: string }) => row.id === exp);
  assertEquals(mine, {
    id: exp,
    kind: "mnist",
    "params.lr": 0.1,
    "last:loss": 0.25,
    "min:loss": 0.25,
    status: "finished",
    tags: ["base"],
  });
  const ids = async (...args: string[]) =>
    JSON.parse((await dbx(["ls", "--json", "--cols", "id", ...args], at)).stdout).map((row: { id: string }) => row.id);
  assertEquals(await ids("--kind", "mnist"), [exp]);
  assertEquals(await ids("--name", "a/*"), [exp]);
  assertEquals(await ids("--tag", "base"), [exp]);
  assertEquals(await ids("--status", "failed"), []);
  assertEquals(await ids("--sort", "params.lr"), [second.exp, exp]);
  assertEquals(await ids("--sort", "-params.lr", "--limit", "1"), [exp]);
  const wrong = await dbx(["ls", "--cols", "params.lrr"], at);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'did you mean "params.lr"?');

  const shown = await dbx(["show", exp.slice(0, 8), "--plot", "loss"], at);
  assertEquals(shown.code, 0);
  for (const part of [exp, run, "lr=0.1", "train/epoch/*:loss", "printed", "⠑"]) {
    assertStringIncludes(shown.stdout, part);
  }
  const json = JSON.parse((await dbx(["show", exp, "--json"], at)).stdout);
  assertEquals(json.series.find((item: { key: string }) => item.key === "train/epoch/*:acc").last, { _dbx: "nan" });
  assertStringIncludes((await dbx(["show", "zz-none"], at)).stderr, "Cannot find the experiment or run");

  const tail = (await dbx(["tail", run, "--jsonl", "-n", "1"], at)).stdout;
  assertEquals(JSON.parse(tail).event, "train/epoch/1");
  assertEquals((await dbx(["tail", run, "--stdout"], at)).stdout, "printed\n");
  const followed = await dbx(["tail", "-f", run, "--jsonl"], at);
  assertEquals([followed.code, followed.stdout.trim().split("\n").length], [0, 2]);

  assertEquals((await dbx(["check", "--read-data"], at)).code, 0);
  await Deno.writeTextFile(`${folder.path}/output/a/b/${exp}/runs/${run}/log.jsonl`, "{broken\n", { append: true });
  const check = await dbx(["check"], at);
  assertEquals(check.code, 1);
  assertMatch(check.stdout, /damage: a\/b\/.*\/log\.jsonl:3: /);
});

Deno.test("dbx query, schema: every format, parameters, a file, errors [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  await dbx(["log", "--kind", "k", "--param", "lr=0.1", "--param", 'note=a "b", c|d'], { ...at, stdin: LINES });
  const ask = async (...args: string[]) => {
    const ended = await dbx(["query", ...args], at);
    assertEquals([ended.code, ended.stderr], [0, ""], ended.stderr);
    return ended.stdout;
  };
  const sql = "SELECT kind, params.lr, params.note, value FROM points JOIN experiments USING (exp) WHERE key = :k";
  const acc = ["-p", "k=acc"];
  assertEquals(
    await ask("-F", "csv", ...acc, sql),
    "kind,params.lr,params.note,value\n" + ["0.1", "nan"]
      .map((value) => `k,0.1,"a ""b"", c|d",${value}\n`).join(""),
  );
  assertEquals(
    await ask("-F", "jsonl", ...acc, sql + " LIMIT 1 OFFSET 1"),
    '{"kind":"k","params.lr":0.1,"params.note":"a \\"b\\", c|d","value":{"_dbx":"nan"}}\n',
  );
  assertEquals(JSON.parse(await ask("--json", "SELECT max(value) m, NULL n FROM points")), [{ m: 1, n: null }]);
  assertEquals(await ask("--json", "SELECT 1 FROM points WHERE value > 100"), "[]\n");
  assertEquals(
    await ask("-F", "markdown", "SELECT params.note n FROM experiments"),
    '| n |\n| --- |\n| a "b", c\\|d |\n',
  );
  assertEquals(await ask("-F", "tsv", "SELECT 'a\tb' x, 9223372036854775807 y"), "x\ty\na\\tb\t9223372036854775807\n");
  assertEquals(await ask("SELECT 'x' a, 2 AS number"), "a  number\nx       2\n");
  await ask("-o", "out.csv", "-F", "csv", "SELECT count(*) n FROM metrics");
  assertEquals(await Deno.readTextFile(`${folder.path}/out.csv`), "n\n2\n");
  assertStringIncludes(await ask("--explain", "SELECT * FROM points"), "executor: columns");
  assertStringIncludes(
    await ask("--explain", "SELECT json_group_array(key) FROM points"),
    "loaded: points as t0, 4 rows",
  );
  const wrong = await dbx(["query", "SELECT value FROM points WHERE key = 'los'"], at);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertStringIncludes(wrong.stderr, 'did you mean "loss"?');
  const schema = await dbx(["schema"], at);
  assertMatch(schema.stdout, /^experiments: one row per experiment$/m);
  assertMatch(schema.stdout, /loss +1 +2$/m);
  assertEquals(JSON.parse((await dbx(["schema", "points", "--json"], at)).stdout).keys.length, 2);
  assertStringIncludes((await dbx(["schema", "pionts"], at)).stderr, 'did you mean "points"?');
});

Deno.test("dbx series, index, ls: curves, groups, several repositories, what the index knows [slow]", async () => {
  await using folder = await scratch();
  for (const [repo, seed, offset] of [["a", 1, 0], ["a", 2, 2], ["b", 3, 10]] as const) {
    const lines = [0, 1, 2].map((step) =>
      JSON.stringify({
        event: `train/epoch/${step}`,
        ts: 1000 * step,
        loss: offset + step,
        acc: step === 2 ? null : step,
      })
    );
    const args = ["log", "-R", repo, "--kind", "k", "--param", "lr=0.1", "--param", `seed=${seed}`];
    assertEquals((await dbx(args, { cwd: folder.path, stdin: lines.join("\n") + "\n" })).code, 0);
  }
  const ask = async (...args: string[]) => {
    const ended = await dbx(args, { cwd: folder.path });
    assertEquals([ended.code, ended.stderr], [0, ""]);
    return ended.stdout;
  };
  const rows = async (...args: string[]) => (await ask("series", ...args, "-F", "csv")).trim().split("\n").slice(1);
  assertEquals((await rows("loss", "-R", "a")).map((line) => line.split(",").slice(-3).join()).sort(), [
    ...["train/epoch/*:loss,0,0", "train/epoch/*:loss,0,2", "train/epoch/*:loss,1,1"],
    ...["train/epoch/*:loss,1,3", "train/epoch/*:loss,2,2", "train/epoch/*:loss,2,4"],
  ]);
  assertEquals(await rows("loss", "-R", "a", "--group-by", "params.lr", "--agg", "mean,std,count,min,max"), [
    ...["train/epoch/*:loss,0.1,0,1,1.4142135623730951,2,0,2", "train/epoch/*:loss,0.1,1,2,1.4142135623730951,2,1,3"],
    "train/epoch/*:loss,0.1,2,3,1.4142135623730951,2,2,4",
  ]);
  assertEquals(
    (await rows("loss", "-R", "a", "-R", "b", "-w", "params.seed > 1", "-x", "epoch", "--smooth", "0.5")).length,
    6,
  );
  assertEquals(
    (await rows("a*", "-R", "a", "--x", "time", "-w", "params.seed = 1")).map((line) => line.split(",").at(-2)),
    [
      "0",
      "1000",
    ],
  );
  assertMatch(await ask("series", "loss", "-R", "a", "--plot"), /└┬?─/);
  const wrong = await dbx(["series", "los", "-R", "a"], { cwd: folder.path });
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'did you mean "loss"?');
  assertStringIncludes(
    (await dbx(["series", "loss", "-R", "a", "--agg", "mean"], { cwd: folder.path })).stderr,
    "--group-by",
  );

  const both = ["query", "-R", "a", "-R", "b", "-F", "csv"];
  assertEquals(
    await ask(...both, "SELECT count(*), count(DISTINCT repo), max(value) FROM points"),
    "count(*),count(DISTINCT repo),max(value)\n15,2,12\n",
  );
  const byRepo = await ask(...both, "SELECT repo, count(*) FROM points GROUP BY repo ORDER BY repo");
  assertEquals(byRepo, `repo,count(*)\n${folder.path}/a,10\n${folder.path}/b,5\n`);
  assertStringIncludes((await dbx(["ls", "-R", "a", "-R", "b"], { cwd: folder.path })).stderr, "takes one repository");

  const ls = ["ls", "-R", "a", "--cols", "params.seed,min:loss,last:acc,count:loss", "--sort", "min:loss", "--json"];
  const listed = JSON.parse(await ask(...ls));
  assertEquals(listed, [
    { "params.seed": 1, "min:loss": 0, "last:acc": 1, "count:loss": 3 },
    { "params.seed": 2, "min:loss": 2, "last:acc": 1, "count:loss": 3 },
  ]);
  assertEquals(JSON.parse(await ask("index", "-R", "a", "--json")).points, 10);
  assertEquals(JSON.parse(await ask(...ls)), listed);
  assertMatch(await ask("index", "-R", "a"), /4 series, 10 points; read 0 B now/);
});

Deno.test("dbx: an ambiguous id lists the candidates, the empty repository says how to start [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const none = await dbx(["ls"], at);
  assertEquals(none.code, 1);
  assertStringIncludes(none.stderr, "dbx init");
  await dbx(["init"], at);
  for (const id of ["aaaaaaaaaaaa1", "aaaaaaaaaaaa2"]) {
    await Deno.mkdir(`${folder.path}/output/${id}`);
    const meta = { id, kind: "k", name: "", params: {}, createdAt: "2026-01-01T00:00:00.000Z" };
    await Deno.writeTextFile(`${folder.path}/output/${id}/meta.json`, JSON.stringify(meta));
  }
  const ambiguous = await dbx(["show", "aaa"], at);
  assertEquals(ambiguous.code, 1);
  assertStringIncludes(ambiguous.stderr, "aaaaaaaaaaaa1");
  assertStringIncludes(ambiguous.stderr, "aaaaaaaaaaaa2");
  assertStringIncludes((await dbx(["show", "aaaaaaaaaaaa1"], at)).stdout, "no runs yet");
  await Deno.writeTextFile(`${folder.path}/output/aaaaaaaaaaaa2/meta.json`, "{");
  const damaged = await dbx(["ls", "--cols", "id"], at);
  assertEquals([damaged.code, damaged.stdout.trim()], [0, "id\naaaaaaaaaaaa1"]);
  assertStringIncludes(damaged.stderr, "one definition or folder cannot be read");
  await Deno.writeTextFile(`${folder.path}/output/dbx.json`, '{"dbx":7,"id":"aaaaaaaaaaaa1"}');
  assertStringIncludes((await dbx(["ls"], at)).stderr, "version");
});

Deno.test("dbx: an empty environment, sh, a closed stdin, a closed pipe, a read-only folder [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  await dbx(["log", "-q", "hello", "x=1"], at);
  const env = { PATH: "/usr/bin:/bin", ...(Deno.env.get("DBX_BINARY") ? {} : { DENO_DIR: await denoDir() }) };
  assertEquals((await dbx(["ls", "--cols", "id"], { ...at, env, clearEnv: true })).code, 0);
  const sh = async (line: string) => {
    const options = { args: ["-c", line.replaceAll("DBX", quoted())], cwd: folder.path, stdin: "null" as const };
    const { code, stdout, stderr } = await new Deno.Command("sh", options).output();
    return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  };
  assertMatch((await sh("DBX ls --cols id <&-")).stdout, /^id\n[0-9a-z]{13}\n$/);
  const closed = await sh("DBX log -q <&-");
  assertEquals([closed.code, closed.stderr], [0, ""]);
  const many = Array.from({ length: 60_000 }, (_, at) => `{"event":"e","at":${at}}`).join("\n") + "\n";
  const piped = JSON.parse((await dbx(["log", "--json"], { ...at, stdin: many })).stdout);
  assertEquals(piped.events, 60_000);
  const pipe = await sh(`DBX tail ${piped.run} -n 60000 | head -1`);
  assertEquals([pipe.stdout.split("\n").length, pipe.stderr], [2, ""]);
  if (Deno.uid() !== 0) {
    await Deno.chmod(`${folder.path}/output`, 0o555);
    assertEquals((await dbx(["ls"], at)).code, 0);
    await Deno.chmod(`${folder.path}/output`, 0o755);
  }
  const readOnly = await dbx(["init", "/proc/dbx"], at);
  assertEquals(readOnly.code !== 0 && readOnly.stderr.startsWith("dbx: "), true);
});

Deno.test("dbx completions: scripts that the shell accepts", async () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await dbx(["completions", shell]);
    assertEquals(code, 0);
    assertStringIncludes(stdout, "show-permissions");
    if (shell !== "bash") continue;
    const script = `${stdout}\nCOMP_WORDS=(dbx ls --jso) COMP_CWORD=2; _dbx; echo "\${COMPREPLY[@]}"`;
    const output = await new Deno.Command("bash", { args: ["-c", script] }).output();
    assertEquals(new TextDecoder().decode(output.stdout), "--json --jsonl\n");
  }
  const wrong = await dbx(["completions", "bsh"]);
  assert(wrong.stderr.includes('did you mean "bash"?') && wrong.code === 2);
});

async function denoDir(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

Deno.test("dbx init, rm, restore, stop: --json [slow]", async () => {
  await using folder = await scratch();
  const at = { cwd: folder.path };
  const json = async (...args: string[]) => JSON.parse((await dbx([...args, "--json"], at)).stdout);
  const made = await json("init", "r");
  assertEquals(made, { id: made.id, path: `${folder.path}/r`, created: true });
  assertEquals(await json("init", "r"), { ...made, created: false });
  const { exp, run } = await json("log", "-R", "r", "e", "x=1");
  assertEquals(await json("rm", "-R", "r", exp), [{ exp, deleted: true, changed: true }]);
  assertEquals(await json("rm", "-R", "r", exp), [{ exp, deleted: true, changed: false }]);
  assertEquals(await json("restore", "-R", "r", exp), [{ exp, deleted: false, changed: true }]);
  assertEquals(await json("stop", "-R", "r", run), { exp, run, asked: false, status: "finished" });
});
