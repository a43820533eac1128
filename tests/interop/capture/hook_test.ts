// How the logging of packages is watched, with a small package that is called like a real one.
import { assertEquals, assertMatch } from "../../assert.ts";
import { dbx, scratch } from "../../e2e/dbx.ts";
import { run, WRITER, writeScript } from "./small_package.ts";

Deno.test("capture: results, exceptions and what a function is called are those of the package [slow]", async () => {
  const script = WRITER + `
print(w.add_scalar("loss", 0.5, 3), w.add_scalar(scalar_value=1, tag="acc"), SummaryWriter.add_scalar.__doc__)
try: w.add_scalar("refused", 1)
except ValueError as error: print("ValueError", error)
try: w.add_scalar()
except TypeError as error: print(error)
import tensorboardX.writer as module
print(type(module.__loader__).__name__, type(module.__spec__.loader).__name__)
`;
  const watched = await run(script);
  const bare = await run(script, { options: ["--capture", "none"] });
  assertEquals(watched.code, 0, watched.stderr);
  assertEquals([watched.stdout, watched.stderr], [bare.stdout, bare.stderr]);
  assertEquals(watched.points, [["tensorboard", "log:acc", 0, 1], ["tensorboard", "log:loss", 3, 0.5]]);
  assertEquals(bare.points, []);
  const other = await run(script, { options: ["--capture", "wandb,mlflow"] });
  assertEquals(other.points, []);
});

Deno.test("capture: a call inside of a watched one is recorded once", async () => {
  const { points } = await run(WRITER + `w.add_scalars("both", {"a": 1, "b": 2}, 4)`);
  assertEquals(points, [["tensorboard", "log:both.a", 4, 1], ["tensorboard", "log:both.b", 4, 2]]);
});

Deno.test("capture: a failure is hidden from the script, and dbx show names it", async () => {
  const script = WRITER + `
class Odd:
    @property
    def shape(self): raise RuntimeError("no shape today")
print(w.add_scalar("odd", Odd()), w.add_scalar("odd", Odd()), w.add_scalar("loss", 1.5))
import os, shutil
del os.environ["DBX_FILES"]
`;
  let shown = "";
  const { code, stdout, stderr, points } = await run(script, {
    act: async (cwd, exp) => {
      shown = (await dbx(["show", exp], { cwd, env: { DBX_REPO: `${cwd}/repository` } })).stdout;
    },
  });
  assertEquals([code, stdout, stderr], [0, "('odd', None) ('odd', None) ('loss', None)\n", ""]);
  assertEquals(points, [["tensorboard", "log:loss", 0, 1.5]]);
  assertMatch(shown, /captured: +tensorboard/);
  assertEquals(shown.match(/failed: +add_scalar: RuntimeError: no shape today/g)?.length, 1, shown);
});

Deno.test("capture: a module here that is broken, and a run folder that is gone, leave the script alone [slow]", async () => {
  const script = WRITER + `
import os, shutil
w.add_scalar("loss", 1)
shutil.rmtree(os.environ["DBX_RUN_DIR"], ignore_errors=True)
print(w.add_scalar("loss", 2))
from dbx_capture import record
record._files.clear()
print(w.add_scalar("loss", 3))
`;
  const child = await runLoosely(script);
  assertEquals([child.code, child.stdout], [0, "('loss', None)\n('loss', None)\n"], child.stderr);
  const broken = await runLoosely(`
import sys
import dbx_capture
dbx_capture.WATCHED
sys.modules["dbx_capture.tensorboard_hook"] = None
from tensorboardX import SummaryWriter
print(SummaryWriter().add_scalar("loss", 1))
`);
  assertEquals([broken.code, broken.stdout], [0, "('loss', None)\n"], broken.stderr);
});

/** As `run`, but looks at nothing afterwards. */
async function runLoosely(script: string) {
  await using folder = await scratch();
  const cwd = folder.path;
  await writeScript(cwd, script);
  const words = ["run", "-q", "--no-git", "--no-code", "--", "python3", "script.py"];
  return await dbx(words, { cwd, env: { DBX_REPO: `${cwd}/repository` } });
}

Deno.test("capture: threads and forked processes tear no line, and each process has a log of its own", async () => {
  const script = WRITER + `
import os, threading
def work(name):
    for step in range(200): w.add_scalar(name + "x" * (step % 50), step, step)
w.add_scalar("first", 1)
threads = [threading.Thread(target=work, args=("t%d" % at,)) for at in range(8)]
for thread in threads: thread.start()
children = []
for at in range(3):
    pid = os.fork()
    if pid == 0:
        work("c%d" % at)
        os._exit(0)
    children.append(pid)
for thread in threads: thread.join()
print([os.waitpid(pid, 0)[1] for pid in children])
`;
  let checked = "";
  const { code, stdout, stderr, points } = await run(script, {
    act: async (cwd) => {
      checked = (await dbx(["check"], { cwd, env: { DBX_REPO: `${cwd}/repository` } })).stdout;
    },
  });
  assertEquals([code, stdout], [0, "[0, 0, 0]\n"], stderr);
  assertEquals(points.length, 1 + 8 * 200 + 3 * 200);
  const logs = new Map<unknown, Set<string>>();
  for (const [log, series] of points) {
    const names = logs.get(log) ?? new Set();
    logs.set(log, names.add(String(series).slice(4, 6)));
  }
  // The threads are of one process; no process takes the log of one that has ended.
  assertEquals([...logs.get("tensorboard")!].sort(), ["fi", ...Array.from({ length: 8 }, (_, at) => `t${at}`)].sort());
  assertEquals([...logs.keys()].sort(), ["tensorboard", "tensorboard-2", "tensorboard-3", "tensorboard-4"]);
  assertMatch(checked, /0 damaged/);
});

Deno.test("capture: ranks of a launcher have logs with their rank", async () => {
  const program = ["sh", "-c", "for rank in 0 1 2; do RANK=$rank python3 script.py & done; wait"];
  const { code, stderr, points } = await run(WRITER + `import os; w.add_scalar("loss", int(os.environ["RANK"]), 1)`, {
    program,
  });
  assertEquals(code, 0, stderr);
  assertEquals(
    points,
    [0, 1, 2].map((rank) => [rank === 0 ? "tensorboard" : `tensorboard-rank${rank}`, "log:loss", 1, rank]),
  );
});

Deno.test("capture: a program that imports none of the packages loads nothing of it", async () => {
  const { stdout } = await run(
    "import sys, json, argparse; print(sorted(name for name in sys.modules if name.startswith('dbx_')))",
  );
  assertEquals(stdout, "['dbx_capture']\n");
});

Deno.test("capture: options and settings that name no package are refused", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const refused = async (words: readonly string[]) => {
    const { code, stderr } = await dbx(["run", ...words, "--", "true"], {
      cwd,
      env: { DBX_REPO: `${cwd}/repository` },
    });
    assertEquals(code, 2);
    return stderr;
  };
  assertMatch(await refused(["--capture", "wandb,mlfow"]), /Cannot capture "mlfow": .*mlflow/);
  assertMatch(
    await refused(["--shim", "torch"]),
    /Cannot use "torch" as --shim: it must be one of wandb, trackio, neptune/,
  );
  assertMatch(await refused(["--shim", "wandb", "--no-python-hook"]), /Cannot use --shim with --no-python-hook/);
  const completed = await dbx(["complete-words", "zsh", "run", "--capture", "wandb,ml"], { cwd });
  assertEquals(completed.stdout, "wandb,mlflow\n");
  await Deno.writeTextFile(`${cwd}/dbx.toml`, 'capture = "wandbb"\n');
  assertMatch(await refused([]), /Cannot capture "wandbb".*dbx\.toml/s);
});

Deno.test("shim: what it does not know says so once, and does nothing", async () => {
  const { code, stdout, stderr } = await run(
    `
import wandb
from wandb.integration.keras import WandbMetricsLogger
import wandb.sdk.wandb_run as runs
class Callback(WandbMetricsLogger): pass
for _ in range(2): wandb.plot.line_series(xs=[1], ys=[2]).anything()
run = wandb.init()
with run: run.odd.method(1)
print(runs.Run is wandb.Run, isinstance(run, runs.Run), bool(wandb.plot), issubclass(Callback, object))
try: raise KeyError("mine")
except wandb.errors.CommError: print("wrong")
except KeyError: print("right")
`,
    { options: ["--shim", "wandb"] },
  );
  assertEquals([code, stdout], [0, "True True False True\nright\n"], stderr);
  assertEquals(stderr.match(/wandb\.plot is not in the shim of wandb, and does nothing/g)?.length, 1, stderr);
});

Deno.test("capture: nothing that was logged is lost when the script is killed, nor when another package finds modules first", async () => {
  const script = `
import os, signal, sys
from importlib.machinery import PathFinder
class Other:
    def find_spec(self, name, path=None, target=None):
        return PathFinder.find_spec(name, path, target) if name == "tensorboardX.writer" else None
sys.meta_path.insert(0, Other())
` + WRITER + `
for step in range(500): w.add_scalar("loss", step, step)
os.kill(os.getpid(), signal.SIGKILL)
`;
  const { code, points } = await run(script);
  assertEquals([code, points.length, points.at(-1)], [137, 500, ["tensorboard", "log:loss", 499, 499]]);
});

Deno.test("capture: params that are named like secrets are redacted, numbers and short words are not", async () => {
  let shown = "";
  await run(
    WRITER + `w.add_hparams({"lr": 0.1, "api_key": "abcdefghijklmnop", "eos_token": "</s>", "max_tokens": 4096}, {})`,
    {
      act: async (cwd, exp) => {
        shown = (await dbx(["show", exp], { cwd, env: { DBX_REPO: `${cwd}/repository` } })).stdout;
      },
    },
  );
  assertMatch(shown, /params: +lr=0\.1 +api_key=\[redacted:name\] +eos_token=<\/s> +max_tokens=4096/);
});

Deno.test("capture: the step, times, names and values that JSON lacks are kept as the format wants them", async () => {
  const script = WRITER + `
import enum, datetime, pathlib
class Colour(enum.Enum): RED = "red"
w.add_scalar("event", 1, 1); w.add_scalar("ts", 2, 1); w.add_scalar("step", 3, 1)
w.add_scalar("inf", float("-inf"), 2, walltime=1700000000.25)
w.add_hparams({"colour": Colour.RED, "path": pathlib.Path("a/b"), "day": datetime.date(2026, 1, 2), "half": "\\ud800", "big": 2**60, "deep": {"list": list(range(300))}}, {})
`;
  const { points } = await run(script, {
    act: async (cwd, exp) => {
      const env = { DBX_REPO: `${cwd}/repository` };
      const { captured } = JSON.parse((await dbx(["show", "--json", exp], { cwd, env })).stdout);
      const { deep, ...params } = captured.tensorboard.params;
      assertEquals(params, { colour: "red", path: "a/b", day: "2026-01-02", half: "\ud800", big: String(2n ** 60n) });
      assertEquals(deep.list.length, 257);
      const checked = await dbx(["check"], { cwd, env });
      assertMatch(checked.stdout, /0 damaged, 0 notes/);
    },
  });
  assertEquals(points, [
    ["tensorboard", "log:_event", 1, 1],
    ["tensorboard", "log:_step", 1, 3],
    ["tensorboard", "log:_ts", 1, 2],
    ["tensorboard", "log:inf", 2, -Infinity],
  ]);
});

Deno.test("capture: of hundreds of params dbx show counts the rest, and --json has all", async () => {
  await run(WRITER + `w.add_hparams({"p%d" % at: at for at in range(200)}, {})`, {
    act: async (cwd, exp) => {
      const env = { DBX_REPO: `${cwd}/repository` };
      assertMatch((await dbx(["show", exp], { cwd, env })).stdout, /p23=23 +\(176 more; --json lists them\)/);
      const { captured } = JSON.parse((await dbx(["show", "--json", exp], { cwd, env })).stdout);
      assertEquals(Object.keys(captured.tensorboard.params).length, 200);
    },
  });
});
