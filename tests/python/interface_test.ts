// The interface of the Python client, by example.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { VERSION } from "../../lib/base/version.ts";
import { USEFUL_NAMES } from "../../lib/redact/environment.ts";
import { findingsIn, type Line, logsIn, python, pythonTest, runsIn } from "./python.ts";

const SHA = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const readJson = async (path: string) => JSON.parse(await Deno.readTextFile(path));

/** The lines of a log but for those of the toolkit. */
const own = (lines: readonly Line[]) => lines.filter(({ event }) => !event.startsWith("dbx/"));

pythonTest("init, log, context, each, logger, file: a run as the documents show it", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger
run = dbxlogger.init(params={"lr": 0.1}, repo="r", kind="mnist", name="sweeps/lr", extra={"dataset": "x"}, strict=True)
run.log({"loss": 1}, step=7)
run.log("eval", {"acc": 0.5})
with run.context("epoch", 3) as epoch:
    run.log({"loss": 0.5})
    with run.context("fold", "a"):
        run.log("test", {"acc": 1})
    epoch.log("train", {"loss": 0.25})
for step in run.each("step", 2):
    run.log({"loss": step})
run.logger("other")("x/y", {"a": 1})
file = run.file("a.txt", b"hello")
run.log("checkpoint", {"file": file})
assert dbxlogger.current() is run and run.params == {"lr": 0.1} and run.lost == 0
run.finish()
assert dbxlogger.current() is None
`,
  );
  assertEquals([ran.code, ran.stdout, ran.stderr], [0, "", ""]);
  const repo = `${folder}/r`;
  const [run] = await runsIn(repo);
  const exp = run.split("/").at(-3)!;
  const file = { _dbx: "expfile", exp, name: "a.txt", sha256: SHA };
  const { log, other, dbx } = await logsIn(repo);
  assertEquals(log as unknown[], [
    { event: "log", step: 7, loss: 1 },
    { event: "eval", acc: 0.5 },
    { event: "epoch/3", loss: 0.5 },
    { event: "epoch/3/fold/a/test", acc: 1 },
    { event: "epoch/3/train", loss: 0.25 },
    { event: "step/0", loss: 0 },
    { event: "step/1", loss: 1 },
    { event: "dbx/file", name: "a.txt", size: 5, file },
    { event: "checkpoint", file },
  ]);
  assertEquals(other as unknown[], [{ event: "x/y", a: 1 }]);
  assertEquals([dbx[0].event, dbx.at(-1)!.event, dbx.at(-1)!.status], ["dbx/start", "dbx/end", "finished"]);
  const { createdAt, ...definition } = await readJson(`${repo}/sweeps/lr/${exp}/meta.json`);
  assertMatch(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertEquals(definition, { id: exp, kind: "mnist", name: "sweeps/lr", params: { lr: 0.1 }, dataset: "x" });
  assertEquals(await findingsIn(repo), []);
});

pythonTest("Exp, Logger, Event: the interface of the original package", async (folder) => {
  const ran = await python(
    folder,
    `import argparse, sys
import dbxlogger
from dbxlogger import Exp, add_arguments_to, exp_from_args, get_repo
parser = argparse.ArgumentParser()
add_arguments_to(parser)
parser.add_argument("--lr", type=float)
parser.add_argument("--data")
parser.add_argument("--api-key")
args = parser.parse_args()
exp = exp_from_args(args, kind="k", args_to_ignore=["data"], params={"seed": 1}, extra_meta={"group": "g"}, env=False, git=False)
assert exp.meta is None and exp["lr"] == 0.5
exp["more"] = 2
try:
    exp.logger()
    raise SystemExit("a logger before save")
except dbxlogger.DbxError:
    pass
exp.save()
assert exp.params == {"lr": 0.5, "api_key": "[redacted:name]", "seed": 1, "more": 2}, exp.params
assert (exp.kind, exp.name, str(get_repo(args))) == ("k", "a/b", str(exp.repo))
assert exp.script.endswith("/script.py") and exp.cmd and exp.pwd and exp.hostname and exp.created_at.tzinfo
assert exp.meta["group"] == "g" and len(exp.id) == 13
log = exp.logger()
log("plain", {"a": 1})
log.log("none")
event = log.new_event("timed", save_duration=True)
event.add("b", 2).add({"c": 3})
log(event, {"d": 4})
log(log.new_event("untimed", save_duration=False), {"duration": 5})
sub = log.sub("epoch/1")
assert (sub.ctx.path, sub.parent().ctx.path, sub.root().ctx.path) == (["epoch", "1"], ["epoch"], [])
sub("train", {"e": 5})
with log.at("x/y"):
    log("z", {"f": 6})
    with log.at("/top"):
        log("t", {"g": 7})
for n in log.at_iter(range(2), "n/%d"):
    log("in", {"n": n})
for word in log.at_iter(["p", "q"], lambda word: "w/" + word):
    log("in", {})
log.ctx.sub("deep")
log("er", {})
log.ctx.root()
for below in log.each("fold", ["a", "b"]):
    below("i", {"i": below.index})
exp.logger("eval")(["a", "b"], {"h": 8})
exp.logger("eval.log.jsonl")("c", {})
with exp.file("a.txt") as file:
    file.write("hel")
with exp.file("a.txt", "a") as file:
    file.write("lo")
assert exp.file("a.txt", "r").open().read() == "hello"
assert exp.files == {"a.txt": "${SHA}"}
with exp.filepath("b.bin") as path:
    open(path, "wb").write(b"hello")
kept = exp.file("c.txt")
kept.open().write("hello")
kept.close()
try:
    with exp.file("half.txt") as file:
        file.write("half")
        raise KeyError
except KeyError:
    pass
assert "half.txt" not in exp.files
log("ref", {"file": dbxlogger.RefFile(__file__), "kept": kept})
exp.print_info()
dbxlogger.StdoutLogger()("out", {"nan": float("nan")})
assert dbxlogger.stopwatch()() >= 0 and dbxlogger.now().tzinfo is not None
`,
    { args: ["--repo", "r", "--name", "a/b", "--lr", "0.5", "--data", "/x", "--api-key", "s3cr3tvalue9"] },
  );
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertStringIncludes(ran.stdout, "kind: k\n");
  assertMatch(ran.stdout, /\{"event":"out","ts":\d+,"nan":\{"_dbx":"nan"\}\}\n$/);
  const { log, eval: other } = await logsIn(`${folder}/r`);
  const lines = own(log) as Record<string, unknown>[];
  const { duration, ...timed } = lines[2];
  assert(typeof duration === "number" && duration >= 0);
  const { file, kept } = lines.at(-1)!;
  assertEquals([timed, ...lines.slice(3, -1)], [
    { event: "timed", b: 2, c: 3, d: 4 },
    { event: "untimed", duration: 5 },
    { event: "epoch/1/train", e: 5 },
    { event: "x/y/z", f: 6 },
    { event: "top/t", g: 7 },
    { event: "n/0/in", n: 0 },
    { event: "n/1/in", n: 1 },
    { event: "w/p/in" },
    { event: "w/q/in" },
    { event: "deep/er" },
    { event: "fold/a/i", i: 0 },
    { event: "fold/b/i", i: 1 },
  ]);
  const { path, _dbx } = file as Record<string, string>;
  assertEquals([path, _dbx, (kept as Line).sha256], [`${folder}/script.py`, "reffile", SHA]);
  assertEquals(other as unknown[], [{ event: "a/b", h: 8 }, { event: "c" }]);
  const [run] = await runsIn(`${folder}/r`);
  const { cmd } = await readJson(`${run}/meta.json`);
  assertEquals(cmd.at(-1), "[redacted:name]");
  assertEquals(await findingsIn(`${folder}/r`), []);
});

pythonTest(
  "values: what JSON lacks, dates, paths, dataclasses, Enums, arrays, long integers, half pairs",
  async (folder) => {
    const ran = await python(
      folder,
      `import dataclasses, datetime, decimal, enum, pathlib, dbxlogger
class Colour(enum.Enum):
    RED = "red"
class Level(enum.IntEnum):
    LOW = 1
@dataclasses.dataclass
class Point:
    x: float
    y: object
class Array:
    def __init__(self, items): self.items = items
    def tolist(self): return self.items
class Tensor:
    def __init__(self, item): self.value = item
    def item(self): return self.value
class Own:
    def __dbx_encode__(self): return {"own": Tensor(float("inf"))}
run = dbxlogger.init(repo="r", git=False)
inf, nan = float("inf"), float("nan")
utc = datetime.datetime(2026, 1, 31, 9, 0, 0, 123456, datetime.timezone(datetime.timedelta(hours=2)))
run.log("numbers", {"a": [inf, -inf, nan], "x": 1e-7, "t": True, "n": None})
run.log("long", {"big": [2**53 - 1, 2**53, -(2**60)], "bigger": 2**80})
run.log("objects", {"colour": Colour.RED, "level": Level.LOW, "point": Point(1, Point(2, nan)), "own": Own()})
run.log("times", {"utc": utc, "day": utc.date(), "for": datetime.timedelta(minutes=1)})
run.log("more", {"path": pathlib.Path("/a/b"), "set": {1}, "bytes": b"ab", "decimal": decimal.Decimal("0.5"), "e": ValueError("x")})
run.log("arrays", {"array": Array([1, [2.5, nan]]), "scalar": Tensor(3)})
run.log("keys", {"event": 1, "ts": 2, "_event": 3, 4: "four", Colour.RED: 5, None: 6})
run.log("special", {"_dbx": "nan"})
run.log("list", [1, nan])
run.log("scalar", Tensor(nan))
run.log("text", {"half": "\\ud800", "all": "\\u2028é\\U0001f600", "digits": ":12345678901234567"})
run.log("data", Point(1, 2))
run.log("step", {"step": 1, "a": 1}, step=Tensor(5))
run.log("object", {"it": object})
`,
    );
    assertEquals(ran.code, 0, ran.stderr);
    assertEquals(ran.stderr, "dbxlogger: cannot log a type, which JSON cannot hold; its text is logged\n");
    const { log } = await logsIn(`${folder}/r`);
    const [inf, minus, nan] = ["inf", "-inf", "nan"].map((_dbx) => ({ _dbx }));
    assertEquals(log as unknown[], [
      {
        event: "numbers",
        a: [inf, minus, nan],
        x: 1e-7,
        t: true,
        n: null,
      },
      {
        event: "long",
        big: [2 ** 53 - 1, "9007199254740992", "-1152921504606846976"],
        bigger: "1208925819614629174706176",
      },
      { event: "objects", colour: "red", level: 1, point: { x: 1, y: { x: 2, y: nan } }, own: { own: inf } },
      { event: "times", utc: "2026-01-31T07:00:00.123Z", day: "2026-01-31", for: 60 },
      {
        event: "more",
        path: "/a/b",
        set: [1],
        bytes: [97, 98],
        decimal: 0.5,
        e: { name: "ValueError", message: "x" },
      },
      { event: "arrays", array: [1, [2.5, nan]], scalar: 3 },
      { event: "keys", __event: 1, _ts: 2, _event: 3, 4: "four", red: 5, null: 6 },
      { event: "special", value: nan },
      { event: "list", value: [1, nan] },
      { event: "scalar", value: nan },
      { event: "text", half: "\ud800", all: "\u2028é\u{1f600}", digits: ":12345678901234567" },
      { event: "data", x: 1, y: 2 },
      { event: "step", step: 5, a: 1 },
      { event: "object", it: "<class 'object'>" },
    ]);
    assertEquals(await findingsIn(`${folder}/r`), []);
  },
);

pythonTest("what cannot be logged raises nothing, is said once and counted; strict raises", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger
def nested(depth):
    value = 1
    for _ in range(depth): value = [value]
    return value
run = dbxlogger.init(repo="r", git=False)
cycle = []
cycle.append(cycle)
for _ in range(3):
    run.log("", {})
    run.log("a\\nb", {})
    run.log("cycle", {"cycle": cycle})
    run.log("deep", {"deep": nested(500)})
run.log("deep", {"deep": nested(499)})
run.file("no such file")
assert run.lost == 12, run.lost
strict = dbxlogger.init(repo="r", git=False, strict=True)
for bad in (lambda: strict.log("", {}), lambda: strict.log("x", {"f": print}), lambda: strict.log("x", {"c": cycle})):
    try:
        bad()
        raise SystemExit("it raised nothing")
    except dbxlogger.DbxError:
        pass
for bad in ({"name": "a//b"}, {"name": "runs"}, {"extra": {"params": 1}}, {"repo": "http://user:secret@host"}):
    try:
        dbxlogger.init(**bad)
        raise SystemExit(f"{bad} raised nothing")
    except ValueError:
        pass
`,
  );
  assertEquals(ran.code, 0, ran.stderr);
  assertEquals(ran.stderr.match(/cannot log "a\\nb": its name holds a control character; the/g)?.length, 1, ran.stderr);
  assertStringIncludes(ran.stderr, "12 events were lost: ");
  const [first, second] = await runsIn(`${folder}/r`);
  const ends = await Promise.all([first, second].map((run) => Deno.readTextFile(`${run}/dbx.log.jsonl`)));
  assert(ends.some((text) => text.includes('"lost":{"events":12,')));
});

/** The beginning of a script with a run in a repository of its own. */
const start = (repo: string) => `import dbxlogger, sys\nrun = dbxlogger.init(repo="${repo}", git=False)\n`;

/** How that run ended. */
async function statusIn(repo: string) {
  const { status, exitCode, signal } = (await logsIn(repo)).dbx.at(-1)!;
  return [status, exitCode, signal].filter((part) => part !== undefined);
}

pythonTest("how the process ends is the status; a disk that cannot be written stops no training", async (folder) => {
  const statusOf = (repo: string) => statusIn(`${folder}/${repo}`);
  // Also where others print errors in their own way.
  await python(folder, `${start("error")}sys.excepthook = lambda *_: None\nraise ValueError("x")`);
  await python(folder, `${start("interrupt")}raise KeyboardInterrupt`);
  await python(folder, `${start("block")}\nwith run: sys.exit(3)`);
  await python(folder, `${start("good")}\nwith run: pass`);
  assertEquals(await statusOf("error"), ["failed"]);
  assertEquals(await statusOf("interrupt"), ["killed", "SIGINT"]);
  assertEquals(await statusOf("block"), ["failed", 3]);
  assertEquals(await statusOf("good"), ["finished"]);

  await Deno.writeTextFile(`${folder}/file`, "");
  const ran = await python(folder, `${start("file/below")}run.log({"a": 1})\nrun.file("x", b"")\nprint("trained")`);
  assertEquals([ran.code, ran.stdout], [0, "trained\n"]);
  assertMatch(
    ran.stderr,
    /^dbxlogger: cannot write to ".*file\/below": Not a directory; the training goes on, and is not/,
  );
});

pythonTest("a sys.exit that nobody catches is the status", async (folder) => {
  const statusOf = (repo: string) => statusIn(`${folder}/${repo}`);
  const codes = [];
  const exits = ["sys.exit(3)", 'sys.exit("no data")', "sys.exit(-1)", "sys.exit()"];
  for (const [at, exit] of exits.entries()) {
    const ran = await python(folder, `${start(`exit${at}`)}def main():\n    ${exit}\nmain()`);
    codes.push([ran.code, ran.stderr, ...await statusOf(`exit${at}`)]);
  }
  assertEquals(codes, [
    [3, "", "failed", 3],
    [1, "no data\n", "failed", 1],
    [255, "", "failed", 255],
    [0, "", "finished", 0],
  ]);
  // One that is caught ends nothing, and neither does that of a thread.
  const caught = `import pickle, threading
def worker():
    sys.exit(5)
thread = threading.Thread(target=worker)
thread.start()
thread.join()
try:
    sys.exit(4)
except SystemExit as error:
    error.code += 2
    print(error.code, repr(error), pickle.loads(pickle.dumps(error)).args, type(pickle.loads(pickle.dumps(error))) is SystemExit)
`;
  const { stdout, stderr } = await python(folder, start("caught") + caught);
  assertEquals([stdout, stderr, ...await statusOf("caught")], ["6 SystemExit(4) (4,) True\n", "", "finished"]);
});

pythonTest("a disk that fails for a while: nothing is torn, and what fits into memory comes later", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger, errno, os
run = dbxlogger.init(repo="r", git=False)
real, full = os.write, False
def write(fd, data):
    if full and b'"event":"dbx/' not in bytes(data):
        if len(data) > 10: return real(fd, bytes(data)[:10])
        raise OSError(errno.ENOSPC, "No space left on device")
    return real(fd, data)
os.write = write
run.log("a", {"n": 1})
full = True
run.log("b", {"n": 2})
run.log("c", {"n": 3})
full = False
run._writer._retry_at = 0
run.log("d", {"n": 4})
full = True
run.log("e", {"n": 5})
`,
  );
  assertEquals(ran.code, 0, ran.stderr);
  assertStringIncludes(ran.stderr, "1 events were lost: cannot write");
  const { log, dbx } = await logsIn(`${folder}/r`);
  assertEquals(log.map(({ event }) => event), ["a", "b", "c", "d"]);
  assertEquals((dbx.at(-1)!.lost as Line).events as unknown, 1);
});

pythonTest("repositories: found upward, DBX_REPO, v0 and unknown versions are refused", async (folder) => {
  const script = "import dbxlogger\ndbxlogger.init(git=False)\n";
  await Deno.mkdir(`${folder}/r/deep/er`, { recursive: true });
  await Deno.writeTextFile(
    `${folder}/r/dbx.json`,
    '{"dbx":1,"id":"0golden0repo1","createdAt":"2026-01-01T09:00:00.000Z"}\n',
  );
  assertEquals((await python(`${folder}/r/deep/er`, script)).stderr, "");
  assertEquals((await runsIn(`${folder}/r`)).length, 1);
  assertEquals((await python(folder, script, { env: { DBX_REPO: "named" } })).stderr, "");
  assertEquals((await runsIn(`${folder}/named`)).length, 1);
  assertEquals(await Deno.readTextFile(`${folder}/named/.gitignore`), "*\n");
  assertEquals((await python(folder, script)).code, 0);
  assertEquals((await runsIn(`${folder}/output`)).length, 1);

  const [run] = await runsIn(`${folder}/named`);
  assertEquals((await readJson(`${run.replace(/\/runs\/.*/, "")}/meta.json`)).kind, "script");

  await Deno.mkdir(`${folder}/v0/name/_0123456789AZ`, { recursive: true });
  await Deno.writeTextFile(`${folder}/v0/name/_0123456789AZ/meta.json`, "{}");
  assertStringIncludes((await python(folder, script, { env: { DBX_REPO: "v0" } })).stderr, "it is in format v0");
  await Deno.mkdir(`${folder}/v2`);
  await Deno.writeTextFile(`${folder}/v2/dbx.json`, '{"dbx":2,"id":"0golden0repo1"}');
  assertStringIncludes((await python(folder, script, { env: { DBX_REPO: "v2" } })).stderr, "not that of format 1");
  assertEquals(Array.from(Deno.readDirSync(`${folder}/v2`), ({ name }) => name), ["dbx.json"]);
});

pythonTest("secrets: of the environment, the command line and the remote of git", async (folder) => {
  await new Deno.Command("git", { args: ["init", "-q", folder] }).output();
  const remote = "https://me:Tr0ub4dor@git.example/a/b.git";
  await new Deno.Command("git", { args: ["-C", folder, "remote", "add", "origin", remote] }).output();
  const key = "Zx9Kq2Lm7Np4Rt6Vw8Yb1Cd3Ef5Gh0Jk";
  const env = { CUDA_VISIBLE_DEVICES: "0", WANDB_API_KEY: "abc", TORCH_TOKEN: "hunter2000", PYTHON_BLOB: key };
  const args = ["--password", "hunter2", "--token=abcdef123", "--url", `https://u:${key}@host/x`, "--max-token", "5"];
  const ran = await python(folder, 'import dbxlogger\ndbxlogger.init(repo="r")', { env, args });
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const [run] = await runsIn(`${folder}/r`);
  const definition = await readJson(`${run}/meta.json`);
  assertEquals((await Deno.stat(`${run}/meta.json`)).mode! & 0o777, 0o600);
  assertEquals(definition.cmd.slice(-args.length), [
    "--password",
    "[redacted:name]",
    "--token=[redacted:name]",
    "--url",
    "https://[redacted:secret]@host/x",
    "--max-token",
    "5",
  ]);
  const { CUDA_VISIBLE_DEVICES, WANDB_API_KEY, TORCH_TOKEN, PYTHON_BLOB } = definition.env;
  assertEquals([CUDA_VISIBLE_DEVICES, WANDB_API_KEY, TORCH_TOKEN, PYTHON_BLOB], [
    "0",
    undefined,
    "[redacted:name]",
    "[redacted:random]",
  ]);
  assertEquals(definition.git.remote, "https://git.example/a/b.git");
  const { dbx } = await logsIn(`${folder}/r`);
  assertEquals(dbx.find(({ event }) => event === "dbx/redacted") as unknown, {
    event: "dbx/redacted",
    name: 3,
    secret: 1,
    random: 1,
  });
});

pythonTest("secrets: of params, by name and by shape, which the script itself keeps", async (folder) => {
  const script = `import argparse, dataclasses, dbxlogger
@dataclasses.dataclass
class Config:
    api_key: str
    lr: float
run = dbxlogger.init(repo="r", git=False, env=False, params={
    "api_key": "sk-abcdefghijkl123456789", "model": "sk-learn-random-forest", "pad_token": "[PAD]", "eos_token": "</s>",
    "service": Config("hunter2000", 0.1), "credentials": {"user": "me", "list": ["a1", 2]}, "token": None,
    "prompt_token": "go", "url": "https://me:Tr0ub4dor@host/x", "note": ("ghp_abcdefghij0123456789", float("inf")),
    "password": float("nan"), "secret_file": "/etc/secret", "token_file": "t", "db.password": "$DB_PASSWORD"})
assert run.params["api_key"] == "sk-abcdefghijkl123456789"
assert "sk-abc" not in run._repr_html_()
`;
  const ran = await python(folder, script);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const [run] = await runsIn(`${folder}/r`);
  assertEquals((await readJson(`${run}/../../meta.json`)).params, {
    api_key: "[redacted:name]",
    model: "sk-learn-random-forest",
    pad_token: "[PAD]",
    eos_token: "</s>",
    service: { api_key: "[redacted:name]", lr: 0.1 },
    credentials: { user: "[redacted:name]", list: ["[redacted:name]", 2] },
    token: null,
    prompt_token: "go",
    url: "https://[redacted:secret]@host/x",
    note: ["[redacted:secret]", { _dbx: "inf" }],
    password: { _dbx: "nan" },
    secret_file: "/etc/secret",
    token_file: "t",
    "db.password": "$DB_PASSWORD",
  });
  const { dbx } = await logsIn(`${folder}/r`);
  assertEquals(dbx.find(({ event }) => event === "dbx/redacted")?.name, 4);
});

pythonTest("its version and the variables that it keeps are those of dbx", async (folder) => {
  const script = "import dbxlogger, json\nprint(json.dumps([dbxlogger.__version__, dbxlogger._USEFUL_NAMES]))";
  const { stdout, stderr } = await python(folder, script);
  assertEquals(JSON.parse(stdout || stderr), [VERSION, USEFUL_NAMES]);
});
