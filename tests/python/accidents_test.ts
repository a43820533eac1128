// What may happen to the files that the client writes, at the moments that matter.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../assert.ts";
import { dbx } from "../e2e/dbx.ts";
import { findingsIn, logsIn, python, pythonTest, runsIn } from "./python.ts";

pythonTest("a kill while a file is made leaves only what gc removes [slow]", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger, os
run = dbxlogger.init(repo="r", git=False)
run.file("whole.txt", b"whole")
with run.filepath("model") as model, run.filepath("a.pt") as file:
    os.mkdir(model)
    open(model + "/part", "w").write("x")
    open(file, "w").write("x")
    os.kill(os.getpid(), 9)
`,
  );
  assertEquals(ran.signal, "SIGKILL");
  const repo = `${folder}/r`;
  const kinds = (await findingsIn(repo)).map((finding) => (finding as { kind: string }).kind);
  assertEquals(kinds, ["temporary", "temporary"]);
  const old = new Date(Date.now() - 3 * 86_400_000);
  for (const { name } of Deno.readDirSync(`${repo}/objects`)) {
    if (name.startsWith(".tmp-")) await Deno.utime(`${repo}/objects/${name}`, old, old);
  }
  assertEquals((await dbx(["gc", "--repo", repo])).code, 0);
  assertEquals(await findingsIn(repo), []);
  assertEquals((await logsIn(repo)).log.map(({ name }) => name), ["whole.txt"]);
});

pythonTest("a line that another program is still appending is not cut off", async (folder) => {
  const ran = await python(
    folder,
    `import dbxlogger, os, threading, time
run = dbxlogger.init(repo="r", git=False)
path = run.dir + "/log.jsonl"
with open(path, "a") as other:
    other.write('{"event":"long",')
    other.flush()
    def end():
        time.sleep(0.05)
        other.write('"n":1}\\n')
        other.flush()
    thread = threading.Thread(target=end)
    thread.start()
    run.log("next", {"n": 2})
    thread.join()
`,
  );
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const [run] = await runsIn(`${folder}/r`);
  const events = (await Deno.readTextFile(`${run}/log.jsonl`)).trim().split("\n").map((line) => JSON.parse(line).event);
  assertEquals(events, ["long", "next"]);
});

pythonTest("no symbolic link below a repository is followed, and nothing is written elsewhere", async (folder) => {
  const start = (name: string) => `import dbxlogger\nrun = dbxlogger.init(repo="r", name="${name}", git=False)\n`;
  assertEquals((await python(folder, start("first"))).stderr, "");
  await Deno.mkdir(`${folder}/elsewhere`);
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/r/linked`);
  const named = await python(folder, start("linked/below"));
  assertStringIncludes(named.stderr, 'r/linked": it is a symbolic link');
  await Deno.symlink(`${folder}/elsewhere`, `${folder}/r/objects`);
  const file = await python(
    folder,
    `${start("second")}run.file("a.txt", b"x")
with run.exp.file("b.txt") as file: file.write("x")
with run.filepath("c.txt") as path: open(path, "w").write("x")
print("on")`,
  );
  assertEquals([file.code, file.stdout], [0, "on\n"]);
  for (const name of ["a", "b", "c"]) {
    assertStringIncludes(file.stderr, `cannot keep the file "${name}.txt": cannot write to`);
  }
  const log = await python(
    folder,
    `${
      start("third")
    }import os\nos.symlink("${folder}/elsewhere/log", run.dir + "/log.jsonl")\nrun.log("a", {})\nprint("on")`,
  );
  assertEquals([log.code, log.stdout], [0, "on\n"]);
  assertStringIncludes(log.stderr, "1 events were lost");
  assertEquals(Array.from(Deno.readDirSync(`${folder}/elsewhere`)), []);
});

pythonTest("a repository of another user is used only if it is named", async (folder) => {
  const script = "import dbxlogger\ndbxlogger.init(git=False)\n";
  assertEquals((await python(folder, script, { env: { DBX_REPO: "r" } })).stderr, "");
  await Deno.mkdir(`${folder}/r/deep`);
  assertEquals((await python(`${folder}/r/deep`, script)).stderr, "");
  if (Deno.uid() !== 0) return; // Only root can give a file away.
  await Deno.chown(`${folder}/r/dbx.json`, 65534, 65534);
  const found = await python(`${folder}/r/deep`, script);
  assertStringIncludes(found.stderr, "it belongs to another user; name it with repo= or DBX_REPO");
  assertEquals((await python(folder, script, { env: { DBX_REPO: "r" } })).stderr, "");
  assertEquals((await runsIn(`${folder}/r`)).length, 3);
});

pythonTest("a shared repository: files and folders have its bits, an environment too", async (folder) => {
  assertEquals((await dbx(["init", "--shared", "group", "--repo", `${folder}/r`])).code, 0);
  const script = `import dbxlogger, os
os.umask(0o077)
run = dbxlogger.init(repo="r", git=False)
run.log("a", {})
run.file("a.txt", b"x")
`;
  assertEquals((await python(folder, script)).stderr, "");
  const [run] = await runsIn(`${folder}/r`);
  const modeOf = async (path: string) => (await Deno.stat(path)).mode! & 0o7777;
  for (const name of ["meta.json", "log.jsonl", "dbx.log.jsonl"]) {
    assertEquals([name, (await modeOf(`${run}/${name}`)) & 0o660], [name, 0o660]);
  }
  assertEquals((await modeOf(run)) & 0o2770, 0o2770);
  assertEquals((await modeOf(`${run}/meta.json`)) & 0o007, 0);
});

pythonTest(
  "a spool counts as one only when a run is in it that has not ended: nobody removes it before",
  async (folder) => {
    const script = `import dbxlogger
made = []
create = dbxlogger._Root.create
dbxlogger._Root.create = lambda self, name, *more: (create(self, name, *more), made.append(name))
life = dbxlogger._Life.__init__
dbxlogger._Life.__init__ = lambda self, *more: (life(self, *more), made.append("life"))[0]
dbxlogger.init(repo="http://127.0.0.1:9/", git=False)
print(",".join(made[-4:]))
`;
    const ran = await python(folder, script, { env: { DBX_SPOOL: `${folder}/spool`, PATH: "/nowhere" } });
    assertEquals(ran.stdout, "life,.dbx/lock,.dbx/alive,.dbx/spool.json\n");
    const [{ name }] = Array.from(Deno.readDirSync(`${folder}/spool`));
    assertEquals(await Deno.readTextFile(`${folder}/spool/${name}/.dbx/spool.json`), '{"url":"http://127.0.0.1:9"}\n');
    assert(ran.stderr.startsWith("dbxlogger: what was logged waits in "), ran.stderr);
  },
);

pythonTest(
  "files of a run that somebody removes are made again with all they held; not those of a purged run [slow]",
  async (folder) => {
    const script = `import dbxlogger, os, shutil, sys, time
dbxlogger._LOOK_SECONDS = 0.05
run = dbxlogger.init({"lr": 1}, repo="r", git=False)
for i in range(5):
    run.log({"i": i})
exp = os.path.dirname(os.path.dirname(run.dir))
if sys.argv[1:]:
    os.mkdir("r/purged")
    with open(f"r/purged/{run.exp.id}.json", "w") as file:
        file.write('{"event":"dbx/purge","id":"%s"}\\n' % run.exp.id)
os.rename(exp, "gone")
shutil.rmtree("gone")
for i in range(5, 10):
    run.log({"i": i})
if sys.argv[1:]:
    time.sleep(0.2)
else:
    while not os.path.exists(run.dir + "/dbx.log.jsonl"): time.sleep(0.01)
    os.unlink(run.dir + "/log.jsonl")
run.log({"i": 10})
`;
    const ran = await python(folder, script);
    assertEquals(ran.code, 0);
    assertMatch(
      ran.stderr,
      /^dbxlogger: files of the run in "\S+" were removed while it was written; they are made again\n$/,
    );
    const { log, dbx: life } = await logsIn(`${folder}/r`);
    assertEquals(log.map(({ i }) => i), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const files = (life.at(-1)!.interruptions as { file: string }[]).map(({ file }) => file);
    assertEquals(files.sort(), ["dbx.log.jsonl", "log.jsonl", "log.jsonl"]);
    assertEquals(await findingsIn(`${folder}/r`), []);

    await Deno.remove(`${folder}/r`, { recursive: true });
    const purged = await python(folder, script, { args: ["purged"] });
    assertEquals([purged.code, (await runsIn(`${folder}/r`)).length], [0, 0], purged.stderr);
    assertStringIncludes(purged.stderr, "was purged");
  },
);
