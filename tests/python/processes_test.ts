// Many processes, ranks, threads and kills.
import { assert, assertEquals, assertStringIncludes } from "../assert.ts";
import { findingsIn, logsIn, logsOf, PYTHON, python, pythonEnv, pythonTest, runsIn } from "./python.ts";

pythonTest("16 processes of long lines: each its own log, no line torn, none lost [slow]", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger, multiprocessing, sys
def work(run, number):
    for i in range(40):
        run.log("line", {"number": number, "i": i, "text": "x" * (7 ** (i % 7))})
if __name__ == "__main__":
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        run = dbxlogger.init(repo=method, git=False)
        processes = [context.Process(target=work, args=(run, number)) for number in range(16)]
        for process in processes: process.start()
        work(run, 16)
        for process in processes: process.join()
        assert all(process.exitcode == 0 for process in processes)
        run.finish()
`,
  );
  assertEquals([ran.code, ran.stderr], [0, ""]);
  for (const method of ["fork", "spawn"]) {
    const { dbx: _, ...logs } = await logsIn(`${folder}/${method}`);
    const seen = new Set<string>();
    for (const lines of Object.values(logs)) {
      for (const { number, i, text } of lines) {
        assertEquals((text as string).length, 7 ** (i as number % 7));
        seen.add(`${number} ${i}`);
      }
    }
    assertEquals(seen.size, 17 * 40);
    assert(Object.keys(logs).every((name) => /^log(-\d+)?$/.test(name)), Object.keys(logs).join());
    assertEquals(await findingsIn(`${folder}/${method}`), []);
  }
});

pythonTest(
  "a fork in the middle, and a process that outlives it: one log has one writer, and all is sealed that is whole",
  async (folder) => {
    const ran = await python(
      folder,
      `import dbxlogger, os, sys
run = dbxlogger.init(repo="r", git=False)
run.log("parent", {"n": 1})
read, write = os.pipe()
go, start = os.pipe()
if os.fork() == 0:
    run.log("child", {"n": 2})
    os.write(write, b"x")
    os.read(go, 1)
    run.log("late", {"n": 3})
    os._exit(0)
os.read(read, 1)
run.log("parent", {"n": 4})
run.finish()
os.write(start, b"x")
os.wait()
`,
      // Python 3.12 and later warn of a fork beside any thread, such as that of the heartbeats, which is there again at once.
      { env: { PYTHONWARNINGS: "ignore::DeprecationWarning" } },
    );
    assertEquals([ran.code, ran.stderr], [0, ""]);
    const { dbx, ...logs } = await logsIn(`${folder}/r`);
    assertEquals(Object.fromEntries(Object.entries(logs).map(([name, lines]) => [name, lines.map(({ n }) => n)])), {
      log: [1, 4],
      "log-2": [2, 3],
    });
    // What a process still writes is not sealed, so that nobody takes the run for one that no longer changes.
    assertEquals(dbx.filter(({ log }) => log !== undefined).map(({ log }) => log), ["log", "dbx"]);
    assertEquals(await findingsIn(`${folder}/r`), []);
  },
);

pythonTest("threads and tasks: whole lines, and each has its own context", async (folder) => {
  const ran = await python(
    folder,
    `import asyncio, dbxlogger, threading
run = dbxlogger.init(repo="r", git=False)
def work(number):
    with run.context("thread", number):
        for i in range(300):
            run.log({"number": number, "i": i, "text": "x" * i})
threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
async def task(number):
    with run.context("task", number):
        for i in range(3):
            run.log({"number": number})
            await asyncio.sleep(0)
async def main():
    await asyncio.gather(*(task(number) for number in range(3)))
asyncio.run(main())
run.log({"last": 1})
`,
  );
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const { log } = await logsIn(`${folder}/r`);
  assertEquals(log.length, 8 * 300 + 9 + 1);
  for (const { event, number } of log.slice(0, -1)) {
    assert(event === `thread/${number}` || event === `task/${number}`, event);
  }
  assertEquals(log.at(-1) as unknown, { event: "log", last: 1 });
  assertEquals(await findingsIn(`${folder}/r`), []);
});

pythonTest("kill -9: what log returned from is there, whole; the run is not said to have ended", async (folder) => {
  await Deno.writeTextFile(
    `${folder}/script.py`,
    `import dbxlogger, sys
run = dbxlogger.init(repo="r", git=False)
i = 0
while True:
    run.log({"i": i, "text": "x" * (i % 5000)})
    i += 1
    sys.stdout.write(f"{i}\\n")
    sys.stdout.flush()
`,
  );
  const command = new Deno.Command(PYTHON!, { args: ["script.py"], cwd: folder, env: pythonEnv(), stdout: "piped" });
  const child = command.spawn();
  let said = "";
  let isKilled = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (isKilled || said.split("\n").length <= 500) continue;
    child.kill("SIGKILL");
    isKilled = true;
  }
  await child.status;
  const acknowledged = Number(said.trimEnd().split("\n").at(-1));
  const { log, dbx } = await logsIn(`${folder}/r`);
  assert(log.length >= acknowledged, `${log.length} of ${acknowledged}`);
  assertEquals(log.map(({ i }) => i), log.map((_, at) => at));
  assertEquals(dbx.at(-1)!.event, "dbx/seal");
  assertEquals(await findingsIn(`${folder}/r`), []);
});

pythonTest("a torn tail is cut off by the process that goes on with a log", async (folder) => {
  const start = "import dbxlogger, os\n";
  const first = await python(
    folder,
    `${start}run = dbxlogger.init(repo="r", git=False)\nprint(run.dir, run.exp.id, run.id, flush=True)\nos._exit(0)`,
  );
  const [dir, exp, run] = first.stdout.trim().split(" ");
  await Deno.writeTextFile(`${dir}/log.jsonl`, `{"event":"a"}\n{"event":"b","text":"${"x".repeat(100_000)}`);
  const env = { DBX_RUN_DIR: dir, DBX_EXP: exp, DBX_RUN: run };
  const second = await python(folder, `${start}run = dbxlogger.init()\nrun.log("c", {})`, { env });
  assertEquals(second.stderr, "");
  assertEquals(
    await Deno.readTextFile(`${dir}/log.jsonl`).then((text) => text.replace(/,"ts":\d+/, "")),
    '{"event":"a"}\n{"event":"c"}\n',
  );
});

pythonTest(
  "ranks: each writes logs of its own; without a run to join, those above 0 log nothing and say why",
  async (folder) => {
    const script = `import dbxlogger, os
run = dbxlogger.init({"lr": 1}, repo=os.environ.get("REPO"), git=False)
run.log("train", {"loss": 1})
run.logger("eval")("acc", {"acc": 1})
print(run.dir, run.exp.id, run.id, flush=True)
os._exit(0) # The run goes on.
`;
    const alone = await python(folder, script, { env: { RANK: "3", REPO: "r" } });
    assertEquals(alone.code, 0);
    assertStringIncludes(alone.stderr, "rank 3 has no run to join, and logs nothing: start the training with dbx run");
    const zero = await python(folder, script, { env: { RANK: "0", REPO: "r" } });
    const [dir, exp, run] = zero.stdout.trim().split(" ");
    const env = { DBX_RUN_DIR: dir, DBX_EXP: exp, DBX_RUN: run };
    const ranks: Record<string, string>[] = [{ RANK: "1" }, { OMPI_COMM_WORLD_RANK: "2" }, {
      SLURM_PROCID: "3",
      SLURM_NTASKS: "4",
    }, {
      LOCAL_RANK: "4",
    }];
    for (const rank of ranks) assertEquals((await python(folder, script, { env: { ...env, ...rank } })).stderr, "");
    assertEquals((await runsIn(`${folder}/r`)).length, 1);
    const names = Object.keys(logsOf(dir)).filter((name) => name !== "dbx").sort();
    const eachRank = [1, 2, 3, 4].flatMap((rank) => [`eval-rank${rank}`, `rank${rank}`]);
    assertEquals(names, ["eval", "log", ...eachRank].sort());
  },
);

pythonTest("a run that has ended is not joined: its variables may live on in a shell", async (folder) => {
  const script =
    "import dbxlogger\nrun = dbxlogger.init(git=False)\nrun.log({'a': 1})\nprint(run.dir, run.exp.id, run.id)\n";
  const first = await python(folder, script, { env: { DBX_REPO: "r" } });
  const [dir, exp, run] = first.stdout.trim().split(" ");
  const late = await python(folder, script, { env: { DBX_REPO: "r", DBX_RUN_DIR: dir, DBX_EXP: exp, DBX_RUN: run } });
  assertEquals([late.code, late.stderr], [0, ""]);
  assertEquals((await runsIn(`${folder}/r`)).length, 2);
  assertEquals(logsOf(dir).log.length, 1);
});
