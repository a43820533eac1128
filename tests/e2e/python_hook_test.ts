// What `dbx run` does to Python: whole lines at once, and the user's own start-up file.
import { assert, assertEquals, assertMatch } from "../assert.ts";
import { START_UP_FILES } from "../../lib/python/start_up_files.ts";
import { dbx, scratch, spawn } from "./dbx.ts";

/** As empty, Python takes it for not set. */
const UNSET = { PYTHONUNBUFFERED: "" };

/** Four processes print 2,000 lines of JSON each into one pipe, each with the time of its printing. */
const PRINTERS = `import json, multiprocessing, sys, time

def work(rank):
    for i in range(2000):
        print(json.dumps({"rank": rank, "i": i, "at": time.time() * 1000, "text": "x" * (i % 90)}))
        if i % 100 == 0: time.sleep(0.02)

if __name__ == "__main__":
    workers = [multiprocessing.Process(target=work, args=(rank,)) for rank in range(4)]
    for worker in workers: worker.start()
    for worker in workers: worker.join()
`;

Deno.test("python hook: 4 processes print 2,000 lines each: none torn, none kept back, 20 times [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await Deno.writeTextFile(`${cwd}/printers.py`, PRINTERS);
  const round = async () => {
    const child = spawn(["run", "-q", "--no-git", "--", "python3", "printers.py"], { cwd, env: UNSET });
    await child.stdin.close();
    const lines: string[] = [];
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop()!;
      lines.push(...parts);
    }
    assertEquals([(await child.status).code, rest, lines.length], [0, "", 8000]);
    await child.stderr.cancel();
    const next = [0, 0, 0, 0];
    let last = 0;
    let late = 0;
    for (const line of lines) {
      const { rank, i, at } = JSON.parse(line);
      assertEquals(i, next[rank]++, line);
      // A line that is kept back until a block is full comes after lines of others that were printed long after it.
      if (last - at > 100) late++;
      last = Math.max(last, at);
    }
    // A busy machine may hold a process up between its look at the clock and its printing, but not thousands of times.
    assert(late <= 8, `${late} of 8000 lines came more than 100 ms late`);
  };
  for (let times = 0; times < 10; times++) await Promise.all([round(), round()]);
});

Deno.test("python hook: stderr too; what the user set stays; --no-python-hook; no error of ours [slow]", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = "import sys, os; print([(s.line_buffering, s.write_through) for s in (sys.stdout, sys.stderr)], " +
    "['dbx/python' in p for p in sys.path[-2:]], os.environ.get('PYTHONUNBUFFERED'), sys.modules.get('sitecustomize'))";
  const run = async (env: Record<string, string> = {}, ...options: string[]) => {
    const ended = await dbx(["run", "-q", ...options, "--", "python3", "-c", script], {
      cwd,
      env: { ...UNSET, ...env },
    });
    assertEquals([ended.code, ended.stderr], [0, ""]);
    return ended.stdout.replace(/ <module.*/, "").trim();
  };
  assertEquals(await run(), "[(True, False), (True, False)] [False, True]");
  assertEquals((await run({}, "--no-python-hook")).slice(0, 8), "[(False,");
  const unbuffered = await run({ PYTHONUNBUFFERED: "1" });
  assertEquals(unbuffered, "[(False, True), (False, True)] [False, True] 1");

  // A sitecustomize of the user's own, in a folder on PYTHONPATH.
  await Deno.mkdir(`${cwd}/mine`);
  await Deno.writeTextFile(`${cwd}/mine/sitecustomize.py`, "import builtins; builtins.mine = __file__; value = 5\n");
  const own = "import sitecustomize; print(mine, sitecustomize.value)";
  const chained = await dbx(["run", "-q", "--", "python3", "-c", own], { cwd, env: { PYTHONPATH: `${cwd}/mine` } });
  assertEquals([chained.stdout, chained.stderr], [`${cwd}/mine/sitecustomize.py 5\n`, ""]);
  // One that fails says so as without dbx.
  await Deno.writeTextFile(`${cwd}/mine/sitecustomize.py`, "raise ValueError('mine')\n");
  const failing = await dbx(["run", "-q", "--", "python3", "-c", "print(1)"], {
    cwd,
    env: { PYTHONPATH: `${cwd}/mine` },
  });
  const bare = await new Deno.Command("python3", { args: ["-c", "print(1)"], cwd, env: { PYTHONPATH: `${cwd}/mine` } })
    .output();
  assertEquals([failing.stdout, failing.stderr], ["1\n", new TextDecoder().decode(bare.stderr)]);
});

Deno.test("python hook: dbxlogger can be imported, and one that the user has is the one imported", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  await Deno.writeTextFile(`${cwd}/which.py`, "import dbxlogger; print(dbxlogger.__file__)\n");
  const which = async (env: Record<string, string> = {}) =>
    (await dbx(["run", "-q", "--no-git", "--", "python3", "which.py"], { cwd, env })).stdout.trim();
  assertMatch(await which(), /\/dbx\/python\/[0-9a-f]{16}\/dbxlogger\.py$/);
  await Deno.mkdir(`${cwd}/mine`);
  await Deno.writeTextFile(`${cwd}/mine/dbxlogger.py`, "");
  assertEquals(await which({ PYTHONPATH: `${cwd}/mine` }), `${cwd}/mine/dbxlogger.py`);
});

Deno.test("python hook: eight at once make the folder of a fresh home, and each has it whole, 20 times [slow]", async () => {
  await using folder = await scratch();
  const url = new URL("./hook_worker.ts", import.meta.url);
  const workers = Array.from({ length: 8 }, () => new Worker(url, { type: "module" }));
  try {
    for (let times = 0; times < 20; times++) {
      const home = `${folder.path}/${times}`;
      const paths = await Promise.all(workers.map((worker) => {
        const { promise, resolve, reject } = Promise.withResolvers<string>();
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(home);
        return promise;
      }));
      const above = `${home}/.cache/dbx/python`;
      const [version] = Array.from(Deno.readDirSync(above), ({ name }) => name);
      assertEquals(paths, workers.map(() => `${above}/${version}`));
      for (const [path, text] of Object.entries(START_UP_FILES)) {
        assertEquals(await Deno.readTextFile(`${above}/${version}/${path}`), text);
      }
    }
  } finally {
    for (const worker of workers) worker.terminate();
  }
});

Deno.test("dbx run: events and numbers printed on stderr, in a log of their own", async () => {
  await using folder = await scratch();
  const cwd = folder.path;
  const script = `import logging, sys, json
logging.basicConfig(level="INFO", format="%(message)s")
logging.info("loss=0.5 acc=0.25")
print(json.dumps({"event": "eval/1", "f1": 0.75}), file=sys.stderr)
print("loss=2.5")`;
  const ended = await dbx(["run", "-q", "--scalars", "auto", "--", "python3", "-c", script], { cwd });
  assertEquals([ended.code, ended.stdout], [0, "loss=2.5\n"]);
  const sql = "SELECT log, series, value FROM points WHERE log LIKE 'printed%' ORDER BY log, series, value";
  const found = await dbx(["query", "--format", "csv", sql], { cwd });
  assertEquals(found.stdout.trim().split("\n").slice(1), [
    "printed,scalars:loss,2.5",
    "printed_stderr,eval/*:f1,0.75",
    "printed_stderr,scalars:acc,0.25",
    "printed_stderr,scalars:loss,0.5",
  ], found.stderr);
});
